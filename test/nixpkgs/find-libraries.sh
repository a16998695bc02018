# Sets loader and library directories of all programs and libraries in $out. A module whose libraries are not there, a part
# that may be missing, is left out.
path=$out/lib
for one in $libraries; do path=$path:$one/lib; glibc=$one; done

has_library() { # name
  IFS=:
  for directory in $path; do
    if [ -e "$directory/$1" ]; then unset IFS; return 0; fi
  done
  unset IFS
  return 1
}

[ -z "$libraries" ] || find "$out" -type f | sort | while read -r file; do
  [ "$(head -c 4 "$file" | tr -d '\0')" = "$(printf '\177ELF')" ] || continue
  case $file in */lib/ld-linux-*|*/lib/libc.so.6) continue ;; esac
  patchelf --set-rpath "$path" "$file"
  if patchelf --print-interpreter "$file" > /dev/null 2>&1; then
    patchelf --set-interpreter "$glibc/lib/$loader" "$file"
  fi
  for name in $(patchelf --print-needed "$file"); do
    has_library "$name" && continue
    case $file in
      */lib-dynload/*|*/modules/*) rm "$file"; break ;;
      *) echo "$file needs $name" >&2; exit 1 ;;
    esac
  done
done
