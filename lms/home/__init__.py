"""Landing pages per role, navigation, My record, and the pages that explain.

Things to remember
- Home is one column of work: what to continue, what is required and why, what comes next. No leaderboard.
- Navigation shows what the actor may do and nothing else.
"""
