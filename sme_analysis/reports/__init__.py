"""Reports: notebooks run with checked parameters and written as one file each.

The room knows notebooks, not analysis.

- `notebook`    the file format: reading, the parameters cell, tidying
- `rules`       what a parameter accepts
- `catalogue`   which reports there are, with their rules
- `parameters`  checking values, before anything is run
- `run`         executing a report (`kernel`: in a kernel of this interpreter)
- `export`      the page (`markup`: text and tables; `vector`: figures; `templates/`: its look)

This file imports nothing, so that checking a value does not load what running a report needs.
"""
