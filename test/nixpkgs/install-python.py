# Installs the project of this directory into $out: its modules, and a program per script. Arguments: the Python that runs
# them, and where packages are in a store path.
import os, shutil, sys, tomllib

python, site_packages = sys.argv[1:]
out = os.environ["out"]
paths = [f"{path}/{site_packages}" for path in [out, *os.environ["dependencies"].split()]]
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)

os.makedirs(paths[0])
for name in project["tool"]["setuptools"]["py-modules"]:
    shutil.copy(f"{name}.py", paths[0])

os.mkdir(f"{out}/bin")
for name, target in project["project"]["scripts"].items():
    module, function = target.split(":")
    program = f"{out}/bin/{name}"
    with open(program, "w") as file:
        file.write(f"#!{python}\nimport sys\nsys.path[1:1] = {paths}\nfrom {module} import {function}\nsys.exit({function}())\n")
    os.chmod(program, 0o755)
