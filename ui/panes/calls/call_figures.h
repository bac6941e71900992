// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/calls/histogram_view.h"

#include <QObject>

#include <optional>

class QTimer;

namespace ui::calls {

/// The figures above the call list: how many calls were found, in how many, and how they spread over the time. Asked
/// after the rows, so that these never wait for a count. GUI thread.
class CallFigures final : public QObject
{
    Q_OBJECT
public:
    CallFigures(gateway::api::Gateway *gateway, QObject *parent = nullptr);

    /// @param range   the pane's range; open at its end: up to `now`
    void setQuestion(const gateway::TimeRange &range, const gateway::CallFilter &filter, const std::optional<HistogramView::Span> &brush, gateway::WallTime now);
    /// Drops what belongs to an earlier question, before the new one is asked.
    void forget();

    [[nodiscard]] const std::optional<gateway::CallCounts> &counts() const { return m_counts; }
    [[nodiscard]] const std::optional<gateway::CallCounts> &selected() const { return m_selected; }
    [[nodiscard]] const std::vector<gateway::HistogramBin> &bins() const { return m_bins; }
    [[nodiscard]] std::int64_t bucketSeconds() const { return m_bucketSeconds; }
    [[nodiscard]] const HistogramView::Span &span() const { return m_span; }
    [[nodiscard]] bool counting() const { return m_counting; }
    [[nodiscard]] bool asking() const { return m_unanswered > 0; } ///< asked again before that, a slow count would never show

Q_SIGNALS:
    void changed();

private:
    gateway::api::Gateway *m_gateway;
    quint64 m_generation = 0;
    bool m_counting = false;
    int m_unanswered = 0;                ///< of the present question
    std::optional<gateway::CallCounts> m_counts, m_selected;
    std::vector<gateway::HistogramBin> m_bins;
    std::int64_t m_bucketSeconds = 30;
    HistogramView::Span m_span;
};

} // namespace ui::calls
