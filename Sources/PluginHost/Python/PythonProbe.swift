/// What the active interpreter is asked about itself and about the file of a method; it prints JSON.
///
/// Nothing of the method is run: its imports are read off its syntax.
let pythonProbe = #"""
  import ast, json, os, site, sys, sysconfig

  def find_library():
      version = "%d.%d" % sys.version_info[:2]
      flags = getattr(sys, "abiflags", "")
      said = [sysconfig.get_config_var(n) or "" for n in ("INSTSONAME", "LDLIBRARY")]
      names = [n for n in said if ".so" in n]
      names += ["libpython%s%s.so%s" % (version, flags, end) for end in (".1.0", "")]
      folders = [sysconfig.get_config_var(n) or "" for n in ("LIBDIR", "LIBPL")]
      folders += [os.path.join(sys.base_prefix, n) for n in ("lib", "lib64")]
      multiarch = sysconfig.get_config_var("MULTIARCH") or ""
      folders += [os.path.join(f, multiarch) for f in folders if multiarch]
      for folder in folders:
          for name in names:
              path = os.path.join(folder, name)
              if folder and os.path.isfile(path):
                  return os.path.realpath(path)
      return None

  def own_folders():
      paths = sysconfig.get_paths()
      found = [paths["stdlib"], paths["platstdlib"]]
      found = [f for f in found if os.path.isfile(os.path.join(f, "os.py"))
               or os.path.isdir(os.path.join(f, "lib-dynload"))]
      sites = [paths["purelib"], paths["platlib"]] + site.getsitepackages()
      if site.ENABLE_USER_SITE:
          sites.append(site.getusersitepackages())
      # Only what holds packages and nothing else, whatever else was added to the path.
      found += [f for f in sites if f in sys.path
                and os.path.basename(f) in ("site-packages", "dist-packages")]
      return [f for f in dict.fromkeys(os.path.abspath(f) for f in found) if os.path.isdir(f)]

  def modules(path):
      """The files beside the method that it imports, in turn, and the first names of all imports."""
      found, todo, tops = [path], [path], set()
      root = os.path.dirname(path)
      while todo:
          file = todo.pop()
          try:
              with open(file, "rb") as text:
                  tree = ast.parse(text.read(), file)
          except (SyntaxError, ValueError, OSError):
              continue
          for node in ast.walk(tree):
              start, names = root, []
              if isinstance(node, ast.Import):
                  names = [alias.name for alias in node.names]
              elif isinstance(node, ast.ImportFrom):
                  base = node.module or ""
                  for _ in range(node.level):
                      start = os.path.dirname(file) if start is root else os.path.dirname(start)
                  names = [base] + [base + "." + alias.name for alias in node.names]
              for name in names:
                  parts = [part for part in name.split(".") if part]
                  is_here = not parts
                  for count in range(len(parts) + 1):
                      place = os.path.join(start, *parts[:count])
                      for one in (place + ".py", os.path.join(place, "__init__.py")):
                          if count and os.path.isfile(one):
                              is_here = True
                              if one not in found:
                                  found.append(one)
                                  todo.append(one)
                  if not is_here and parts and start is root:
                      tops.add(parts[0])
      return found, tops

  def packages(tops):
      from importlib import metadata
      names = {"sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python",
               "yaml": "pyyaml", "skimage": "scikit-image"}
      wanted = tops - set(getattr(sys, "stdlib_module_names", ()))
      versions = {}
      # What carries the tensors takes part, named or not.
      for top in sorted(wanted | {"numpy"}):
          name = names.get(top, top)
          try:
              versions[name] = metadata.version(name)
          except metadata.PackageNotFoundError:
              pass
      return versions

  files = [os.path.join(folder, "pyvenv.cfg") for folder in
           (os.path.dirname(sys.executable), os.path.dirname(os.path.dirname(sys.executable)))]
  sources, tops = modules(sys.argv[1])
  json.dump({
      "version": "%d.%d.%d" % sys.version_info[:3],
      "isOldEnough": sys.implementation.name == "cpython" and sys.version_info >= (3, 9),
      "executable": sys.executable, "library": find_library(), "folders": own_folders(),
      "files": [sys.executable] + [file for file in files if os.path.isfile(file)],
      "userBase": site.getuserbase() if site.ENABLE_USER_SITE else "",
      "sources": sources, "packages": packages(tops),
  }, sys.stdout)
  """#
