#!/bin/sh
# 用法：DATABASE_URL=postgres://… backup.sh 文件夹 [保留天数，默认 14]
# 写好、核对过才有 .dump 这个名字；成功时印出文件名
set -eu
umask 077
folder=${1:?'用法：backup.sh 文件夹 [保留天数]'}
keep=${2:-14}
: "${DATABASE_URL:?请设置 DATABASE_URL}"

file="$folder/leadbell-$(date +%Y%m%d-%H%M%S).dump"
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-owner --no-privileges --file="$file.part" --dbname="$DATABASE_URL"
pg_restore --list "$file.part" >/dev/null
mv "$file.part" "$file"
find "$folder" -name 'leadbell-*.dump' -mtime "+$keep" -delete
echo "$file"
