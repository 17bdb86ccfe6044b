"""Wrong servers with one defect each, and right servers that differ from the reference server.

All of them are small changes to one right server of its own (`server.py`), which was written from
`openapi.yaml` and shares no code with the reference server or the verifier. The verifier has to
refuse every wrong one and to accept every right one.
"""
