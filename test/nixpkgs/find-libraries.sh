# Sets the loader of all programs in $out, and where they and the libraries find other libraries: in $out and $libraries,
# the last of which is glibc. A module without its libraries, a part that may be missing, is left out.

find_library() { # name
  for place in "$out" $libraries; do
    if [ -e "$place/lib/$1" ]; then echo "$place/lib"; return; fi
  done
  return 1
}

link() { # file
  case $1 in */lib/ld-linux-*|*/lib/libc.so.*) return ;; esac
  needed=$(patchelf --print-needed "$1" 2> /dev/null) || return 0
  directories=
  for name in $needed; do
    if ! directory=$(find_library "$name"); then
      case $1 in */lib-dynload/*|*/modules/*) rm "$1"; return ;; esac
      echo "$1 needs $name" >&2
      exit 1
    fi
    case $directories: in *":$directory:"*) ;; *) directories=$directories:$directory ;; esac
  done
  patchelf --set-rpath "${directories#:}" "$1"
  if patchelf --print-interpreter "$1" > /dev/null 2>&1; then
    patchelf --set-interpreter "$(find_library "$loader")/$loader" "$1"
  fi
}

find "$out" -type f \( -name '*.so*' -o -perm -u+x \) | sort > files
while read -r file; do link "$file"; done < files
