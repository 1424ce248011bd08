"""Content of several pages: nodes, facts, evidence, addresses. Free of HTML and HTTP."""
