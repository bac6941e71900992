// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

class QScrollArea;
class QStackedLayout;
class QTimer;

namespace ui::widgets {
class SectionBanner;
}

namespace ui::overview {

class Board;
class MoversCard;
class MoversReader;
class OverviewCharts;
class OverviewTiles;
class Pins;
class ProvidersCard;
struct Mover;

/// "Is it healthy, what does it cost?" Tiles with the change against the period before; charts over time that share crosshair, brush
/// and range; the providers' strips; what moved most; and what people pinned of their own queries. Cards may be hidden. Figures of
/// the log are asked for at most once a second and only while the pane is seen; what the workers know of now, four times.
class OverviewPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit OverviewPane(const panes::PaneContext &context);

    [[nodiscard]] QString title() const override { return tr("Overview"); }
    [[nodiscard]] Bar bar() const override { return Bar::Filter; }
    [[nodiscard]] QString filterHint() const override { return tr("Filter every chart, for example `team:search route:smart`"); }
    QList<QWidget *> barWidgets() override;
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    [[nodiscard]] bool tellsLogTrouble() const override { return m_failed; }

    // The whole page, with what has to be scrolled to.
    [[nodiscard]] QByteArray png();
    [[nodiscard]] QByteArray svg();
    [[nodiscard]] QByteArray csv() const;

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpBoard();
    void setUpStates();
    void setUpQuestions();
    void ask();                ///< the figures of the range, now
    void askSoon();            ///< the same, not more often than the range deserves
    void askStrips();
    void askMarkers();
    void take(const gateway::api::Series &series, const gateway::api::SeriesQuery &query);
    void showError(const gateway::Error &error);
    void setFailed(bool failed);
    void cancel();
    void showNow();
    void showMovers();
    void showEmptiness(const gateway::api::Series &series);
    void openMover(const Mover &mover);
    struct Export
    {
        QString text;
        std::function<void()> run;
    };
    [[nodiscard]] QList<Export> exports();
    [[nodiscard]] gateway::api::SeriesQuery query() const;

    OverviewTiles *m_tiles;
    OverviewCharts *m_charts;
    Board *m_board;
    ProvidersCard *m_providers;
    MoversCard *m_movers;
    MoversReader *m_moversReader;
    Pins *m_pins = nullptr;
    widgets::SectionBanner *m_banner;
    widgets::SectionBanner *m_nothing;
    QWidget *m_page;
    QScrollArea *m_scroll;
    QStackedLayout *m_stack;
    QTimer *m_now;             ///< 4 Hz, from memory
    QTimer *m_pace;            ///< until the next question to the log
    bool m_asking = false;
    bool m_askAgain = false;
    bool m_shownOnce = false;
    bool m_failed = false;
    quint64 m_generation = 0;  ///< an answer to an old question is dropped
    gateway::WallTime m_lastGood {};
    gateway::WallTime m_stripsAt {};
};

} // namespace ui::overview
