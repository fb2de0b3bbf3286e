"""Looking as time goes on: alarms by week, odd single periods."""
