// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_figures.h"

namespace ui::calls {

CallFigures::CallFigures(gateway::api::Gateway *gateway, QObject *parent) : QObject(parent), m_gateway(gateway) { }

void CallFigures::forget()
{
    ++m_generation;
    m_unanswered = 0;
    m_counting = true;
    m_counts.reset();
    m_selected.reset();
    Q_EMIT changed();
}

void CallFigures::setQuestion(const gateway::TimeRange &range, const gateway::CallFilter &filter, const std::optional<HistogramView::Span> &brush, gateway::WallTime now)
{
    const quint64 generation = ++m_generation;
    m_unanswered = brush ? 3 : 2;
    m_counting = true;
    const HistogramView::Span span {range.from, std::min(range.to, now)};
    const std::int64_t bucket = HistogramView::bucketFor(std::chrono::duration_cast<std::chrono::seconds>(span.to - span.from).count());
    gateway::CallQuery query;
    query.range = range;
    query.filter = filter;
    m_gateway->histogram(query, bucket, this, [this, generation, span, bucket](gateway::Result<std::vector<gateway::HistogramBin>> bins) {
        if (generation != m_generation)
            return;
        --m_unanswered;
        if (!bins)
            return; // the list says what is wrong; old bars stay
        m_bins = std::move(*bins);
        m_span = span;
        m_bucketSeconds = bucket;
        Q_EMIT changed();
    });
    m_gateway->countCalls(query, this, [this, generation](gateway::Result<gateway::CallCounts> counts) {
        if (generation != m_generation)
            return;
        --m_unanswered;
        m_counting = false;
        if (counts)
            m_counts = *counts;
        Q_EMIT changed();
    });
    if (!brush) {
        m_selected.reset();
        return;
    }
    query.range = {brush->from, brush->to};
    m_gateway->countCalls(query, this, [this, generation](gateway::Result<gateway::CallCounts> counts) {
        if (generation != m_generation)
            return;
        --m_unanswered;
        if (!counts)
            return;
        m_selected = *counts;
        Q_EMIT changed();
    });
}

} // namespace ui::calls
