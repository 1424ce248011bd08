"""What several pages show: nodes, facts, evidence, addresses. Free of HTML and HTTP."""
