// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/savings_reader.h"

#include "ui/bridge/text.h"

#include <algorithm>

namespace ui::cache {

namespace {

using std::chrono::seconds;

constexpr seconds lateCalls {600}; ///< a call is in the log once it has ended

std::int64_t secondsOf(gateway::WallTime at) { return std::chrono::floor<seconds>(at.time_since_epoch()).count(); }

} // namespace

SavingsReader::SavingsReader(gateway::api::CacheTools &tools, QObject *parent) : QObject(parent), m_tools(tools) {}

void SavingsReader::ask(const gateway::TimeRange &range, std::int64_t bucketSeconds, gateway::WallTime now)
{
    if (bucketSeconds != m_bucket)
        m_known.clear();
    m_bucket = bucketSeconds;
    m_now = now;
    ++m_generation;
    m_next.clear();
    m_at = 0;
    const std::int64_t from = (secondsOf(range.from) + bucketSeconds - 1) / bucketSeconds * bucketSeconds; // bars that are whole
    const std::int64_t to = secondsOf(std::min(range.to, now)) + 1;
    std::erase_if(m_known, [&](const auto &known) { return known.first < from; });
    for (std::int64_t at = from; at < to; at += bucketSeconds)
        m_next.push_back({.at = gateway::WallTime {seconds {at}}, .rows = {}});
    m_waiting = true;
    askNext();
}

void SavingsReader::askNext()
{
    for (; m_at < m_next.size(); ++m_at) {
        const auto known = m_known.find(secondsOf(m_next[m_at].at));
        if (known == m_known.end())
            break;
        m_next[m_at].rows = known->second;
    }
    if (m_at == m_next.size()) {
        finish();
        return;
    }
    const gateway::WallTime from = m_next[m_at].at;
    m_tools.savings({from, from + seconds {m_bucket}}, this, [this, generation = m_generation](const gateway::Result<std::vector<gateway::CacheSavings>> &answer) {
        if (generation != m_generation)
            return;
        if (!answer) {
            m_problem = bridge::qt(answer.error().message);
            m_waiting = false;
            Q_EMIT changed();
            return;
        }
        SavingsBin &bin = m_next[m_at];
        bin.rows = *answer;
        if (bin.at + seconds {m_bucket} + lateCalls < m_now)
            m_known[secondsOf(bin.at)] = bin.rows;
        ++m_at;
        askNext();
    });
}

void SavingsReader::finish()
{
    m_bins = std::move(m_next);
    m_next.clear();
    m_problem.clear();
    m_lastGood = m_now;
    m_waiting = false;
    m_shown = true;
    Q_EMIT changed();
}

void SavingsReader::cancel()
{
    ++m_generation;
    m_waiting = false;
    m_problem = tr("The question was cancelled.");
    Q_EMIT changed();
}

} // namespace ui::cache
