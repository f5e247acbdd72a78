"""Questions, banks, papers, attempts, marking, statistics and question formats.

Things to remember: answer keys never travel towards the browser before submission; scores are exact fractions; what
is drawn and shuffled for an attempt is fixed by its seed.
"""
