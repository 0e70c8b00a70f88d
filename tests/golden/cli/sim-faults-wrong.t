Files of faults that could never come about.
-- args --
apply --yes --sim sim --sim-faults regex.json main.phx
apply --yes --sim sim --sim-faults method.json main.phx
apply --yes --sim sim --sim-faults member.json main.phx
-- file regex.json --
{"faults": [{"match": {"path": "("}, "drop_before": true}]}
-- file method.json --
{"faults": [{"match": {"method": "FETCH"}, "drop_before": true}]}
-- file member.json --
{"faults": [{"comment": "fine"}, {"match": {"ntth": 3}, "drop_before": true}]}
-- file main.phx --
stack "t"
cluster c { endpoint = "https://127.0.0.1:8006"; node = "pve"; token = secret("unused-token") }
-- stderr --
phx: simulated cluster sim: fault 1: `path` is no regular expression: Unmatched ( or \(
phx: simulated cluster sim: fault 1: `method` is GET, POST, PUT or DELETE
phx: simulated cluster sim: fault 2: `match` has an unknown member `ntth`
-- exit --
1
1
1
