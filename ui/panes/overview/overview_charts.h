// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/overview/series_table.h"
#include "ui/panes/pane.h"
#include "ui/widgets/charts/chart_link.h"

namespace ui::widgets {
class ChartCard;
struct ChartMarker;
}

namespace ui::overview {

/// The charts over time: they share the crosshair, a brush on one sets the range of all, and a click on a point shows the calls
/// behind it.
class OverviewCharts final : public QObject
{
    Q_OBJECT
public:
    OverviewCharts(const panes::PaneContext &context, QObject *parent);

    struct Chart
    {
        QString id;                  ///< "latency"
        Figures figures;
        widgets::ChartCard *card;    ///< whoever lays it out owns it
    };
    [[nodiscard]] const QList<Chart> &all() const { return m_charts; }
    [[nodiscard]] widgets::ChartCard *card(Figures figures) const;

    /// @param whole  all bins, for exports; the first one may begin before the range, and is not drawn
    void show(const gateway::api::Series &whole, std::int64_t bucket);
    void showWaiting();
    void showStale();
    void setMarkers(const QList<widgets::ChartMarker> &markers);
    void leave() { m_link->setCrosshair(std::nullopt); }
    [[nodiscard]] const gateway::api::Series &series() const { return m_series; } ///< that was shown last

Q_SIGNALS:
    void retried();
    void cancelled();

private:
    widgets::ChartCard *make(const QString &id, Figures figures, const QString &title, int kind);
    void setUpTexts();
    void openCalls(Figures figures, qint64 fromMs, qint64 toMs, const QString &seriesId);

    panes::PaneContext m_context;
    widgets::ChartLink *m_link;
    QList<Chart> m_charts;
    gateway::api::Series m_series;
};

} // namespace ui::overview
