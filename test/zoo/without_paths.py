"""Takes the folders of the exporting machine out of ONNX files: torch notes beside each node the lines of Python that it comes from.

    python test/zoo/without_paths.py FILE...
"""

import re
import sys

import onnx

# A file in a folder from the root: the exporter's own names have no slash in front, or one part only.
FOLDERS = re.compile(r"(^|[\s\"'])/(home|root|tmp|usr|opt|work|Users)/")


def clean(message):
    """Clears the texts with such a folder, in this message and all in it."""
    for field, value in message.ListFields():
        if field.name == "metadata_props":
            kept = [entry for entry in value if not FOLDERS.search(entry.value)]
            if len(kept) < len(value):
                del value[:]
                value.extend(kept)
        elif field.name == "doc_string":
            if FOLDERS.search(value):
                message.ClearField("doc_string")
        elif field.type == field.TYPE_MESSAGE:
            for inner in value if hasattr(value, "__len__") else [value]:
                clean(inner)


def without_folders(path):
    """Cleans a file in place; returns whether there was anything to take out."""
    model = onnx.load(path, load_external_data=False)
    before = model.SerializeToString()
    clean(model)
    after = model.SerializeToString()
    if after == before:
        return False
    with open(path, "wb") as file:
        file.write(after)
    return True


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if without_folders(name):
            print(name)
