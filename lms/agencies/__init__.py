"""The government as a dated tree of agencies, and the posts in them.

Things to remember
- Codes are never reused; a closed agency is not deleted.
- The tree is dated: what was under a ministry in March is asked with the day, and never changes afterwards.
"""
