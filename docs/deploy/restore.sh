#!/bin/sh
# 用法：DATABASE_URL=postgres://… restore.sh 备份文件
# 只恢复到空库里，全部恢复或一点不改；最后核对账本
set -eu
file=${1:?'用法：restore.sh 备份文件'}
: "${DATABASE_URL:?请设置 DATABASE_URL，指向一个空的库}"
ask() { psql --no-psqlrc --tuples-only --no-align --dbname="$DATABASE_URL" --command="$1"; }

tables=$(ask "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
if [ "$tables" != 0 ]; then
  echo "这个库里已经有 $tables 张表。请新建一个空库再恢复。" >&2
  exit 1
fi
pg_restore --single-transaction --exit-on-error --no-owner --no-privileges --dbname="$DATABASE_URL" "$file"
ask 'analyze' >/dev/null

wrong=$(ask 'select count(*) from quotas q where quota <> (
  select coalesce(sum(delta), 0) from ledger l where l.openid = q.openid and l.template_id = q.template_id)')
if [ "$wrong" != 0 ]; then
  echo "恢复完成，但有 $wrong 人的剩余次数和账本对不上，请不要启动服务，保留现场。" >&2
  exit 1
fi
echo "恢复完成：$(ask 'select count(*) from clues') 条线索，$(ask 'select count(*) from deliveries') 条提醒，账本相符。"
