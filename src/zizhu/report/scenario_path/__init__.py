"""How a scenario with years is shown: verdict, scoreboard, money, chokepoints, doubts."""
