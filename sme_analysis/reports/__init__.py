"""Reports: notebooks run with checked parameters and written as one file each.

The room knows notebooks, not analysis.

- `notebook`    the file format: reading, the parameters cell, tidying
- `rules`       what a parameter accepts
- `catalogue`   which reports there are, with their rules
- `parameters`  checking values, before anything is run
- `run`         executing a report (`naming`: what its file is called)
- `kernel`      kernels of this interpreter, ordinary or forked from a warm process:
  `forking`     that process (`children`: what it imports and what its children do; `warming`)
  `warm`        asking it for children (`wire`: the messages)
  `engine`      the same kernels for users of papermill, by the name `sme_analysis`
- `batch`       a report for every row of a grid, resumable
  `grid`        the rows, checked whole before the first run
  `manifest`    the record of what was run, and whether it still holds
  `jobs`        one report as plain data (`workers`: the processes of this machine that run them)
- `formats`     the forms it is written in, each made of the executed notebook:
  `export`      the page (`markup`: text and tables; `vector`: figures; `templates/`: its look)
  `pdf`         the page printed (`browser`: finding and running one)
  `workbook`    the tables in Excel
- `tables`      the rows behind figures and tables, and their form as CSV files
- `index`       the page that lists a batch
- `words`       every word that the exports add by themselves
- `copies`      the notebooks for a user who cloned nothing (`files`: written whole or not at all)

This file imports nothing, so that checking a value does not load what running a report needs.
"""
