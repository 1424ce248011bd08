"""Why a fact holds."""
