// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache_figures.h"

#include <QObject>

#include <map>

namespace ui::cache {

/// What the cache did in a range, bar by bar. One question is out at a time, so that others get their turn at the log; a
/// bar that is over for good is asked for once. GUI thread.
class SavingsReader final : public QObject
{
    Q_OBJECT
public:
    SavingsReader(gateway::api::CacheTools &tools, QObject *parent);

    /// Begins anew with what is not known yet; an older question is dropped.
    /// @param range  an open end is now
    void ask(const gateway::TimeRange &range, std::int64_t bucketSeconds, gateway::WallTime now);
    void forget() { m_known.clear(); }
    void cancel();

    [[nodiscard]] bool waiting() const { return m_waiting; }
    [[nodiscard]] bool known() const { return m_shown; }                     ///< bins() were read once
    [[nodiscard]] const std::vector<SavingsBin> &bins() const { return m_bins; } ///< as they were read last; without gaps
    [[nodiscard]] std::int64_t bucket() const { return m_bucket; }
    [[nodiscard]] const QString &problem() const { return m_problem; }       ///< why they could not be read; empty: they could
    [[nodiscard]] gateway::WallTime lastGood() const { return m_lastGood; }

Q_SIGNALS:
    void changed();

private:
    void askNext();
    void finish();

    gateway::api::CacheTools &m_tools;
    std::map<std::int64_t, std::vector<gateway::CacheSavings>> m_known; ///< by their begin in seconds: bars that are over
    std::vector<SavingsBin> m_bins, m_next;
    std::size_t m_at = 0;               ///< in m_next: what is asked
    std::int64_t m_bucket = 0;
    gateway::WallTime m_now {}, m_lastGood {};
    QString m_problem;
    bool m_waiting = false, m_shown = false;
    quint64 m_generation = 0;
};

} // namespace ui::cache
