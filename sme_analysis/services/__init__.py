"""The publishers' own services: fetching figures from them and making tables of the answers.

One module a service, each with two steps: `fetch` asks and returns the answers as they came,
`clean` makes rows of a registered table out of them and never asks. Only registered hosts are
reached, over HTTPS, within limits of time and size; :mod:`.client` holds these rules once for all.
"""
