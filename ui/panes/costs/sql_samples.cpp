// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_samples.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

QString say(const char *text) { return QCoreApplication::translate("ui::costs::SqlSamples", text); }

} // namespace

QList<SqlSample> sqlSamples()
{
    return {
        {say(QT_TRANSLATE_NOOP("ui::costs::SqlSamples", "What did each team cost a day, these 30 days?")),
            uR"(SELECT day, team, sum(cost_nano) / 1e9 AS usd
FROM usage_hours
WHERE from_us >= us_of(date('now', '-30 days'))
GROUP BY day, team
ORDER BY day, usd DESC)"_s},
        {say(QT_TRANSLATE_NOOP("ui::costs::SqlSamples", "Which models are slow?")),
            uR"(SELECT model, sum(counted) AS calls,
       percentile(latency_ms, 50) AS p50_ms,
       percentile(latency_ms, 95) AS p95_ms,
       percentile(first_token_ms, 95) AS first_token_p95_ms
FROM calls
WHERE started_us >= us_of(date('now', '-7 days')) AND status = 'ok'
GROUP BY model
ORDER BY p95_ms DESC)"_s},
        {say(QT_TRANSLATE_NOOP("ui::costs::SqlSamples", "Which calls were the dearest?")),
            uR"(SELECT id, started, team, model, input_tokens, output_tokens, cost
FROM calls
WHERE started_us >= us_of(date('now', '-7 days'))
ORDER BY cost DESC
LIMIT 100)"_s},
        {say(QT_TRANSLATE_NOOP("ui::costs::SqlSamples", "How often do providers fail, and why?")),
            uR"(SELECT provider, error, count(*) AS attempts
FROM attempts
WHERE call_started_us >= us_of(date('now', '-7 days')) AND NOT ok
GROUP BY provider, error
ORDER BY attempts DESC)"_s},
        {say(QT_TRANSLATE_NOOP("ui::costs::SqlSamples", "What does each customer cost, and a call of it?")),
            uR"(SELECT customer, sum(counted) AS calls,
       sum(cost_nano) / 1e9 AS usd,
       sum(cost_nano) / 1e9 / sum(counted) AS usd_per_call
FROM calls
WHERE started_us >= us_of(date('now', '-30 days')) AND customer IS NOT NULL
GROUP BY customer
ORDER BY usd DESC)"_s},
    };
}

} // namespace ui::costs
