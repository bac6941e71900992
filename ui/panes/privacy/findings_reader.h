// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <optional>

namespace ui::privacy {

/// What policies found in the last 24 hours, read again once a minute while it is seen. GUI thread.
class FindingsReader final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::int64_t seconds = 86'400;
    using Now = std::function<gateway::WallTime()>;

    /// @param tools  outlives this; null: nothing is ever known
    FindingsReader(gateway::api::PrivacyTools *tools, Now now, QObject *parent = nullptr);
    void setSeen(bool seen);
    void ask();

    [[nodiscard]] const std::optional<gateway::FindingSummary> &summary() const { return m_summary; } ///< nullopt: not known (yet)
    [[nodiscard]] const QString &problem() const { return m_problem; } ///< why it could not be read last; empty: it could

Q_SIGNALS:
    void changed();

private:
    gateway::api::PrivacyTools *m_tools;
    Now m_now;
    QTimer m_timer;
    std::optional<gateway::FindingSummary> m_summary;
    QString m_problem;
};

} // namespace ui::privacy
