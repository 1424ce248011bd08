"""The application that all features share: context of a request, rendering, headers, errors."""
