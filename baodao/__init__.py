"""The running service. Importing it puts the folders beside it (schema, resolvers, ...) first on the path.

In a checkout they lie next to this folder; in a wheel they travel inside it, so that no generic name such as
`schema` is ever installed where another distribution could overwrite it.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
CODE = bundled if (bundled := HERE / "bundled").is_dir() else HERE.parent
sys.path.insert(0, str(CODE))
