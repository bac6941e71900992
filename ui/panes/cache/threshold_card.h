// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache/likeness.h"
#include "ui/panes/pane.h"
#include "ui/widgets/card.h"

class QComboBox;

namespace ui::widgets {
class Label;
}

namespace ui::cache {

class SimilarityView;

/// What another threshold would do, for all routes or for one. Nothing changes until Apply.
class ThresholdCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit ThresholdCard(const panes::PaneContext &context, QWidget *parent = nullptr);

    void setConfig(gateway::api::ConfigPtr config);
    void setLikeness(const Likeness &likeness, std::vector<gateway::ThresholdRate> rates);
    void setCounts(std::function<Counts(const std::string &route)> counts);   ///< of the range
    [[nodiscard]] std::string route() const;                                  ///< empty: all
    [[nodiscard]] double threshold() const;                                   ///< where the line stands
    [[nodiscard]] SimilarityView *view() const { return m_view; }

Q_SIGNALS:
    void routeChanged();

private:
    QWidget *makeSide();
    void showLive();
    void showPreview();
    void apply();
    [[nodiscard]] double liveThreshold() const;
    [[nodiscard]] bool locked() const;

    panes::PaneContext m_context;
    SimilarityView *m_view;
    QComboBox *m_route;
    widgets::Label *m_hitRate, *m_hitNote, *m_wrong, *m_wrongNote, *m_own;
    widgets::Button *m_back, *m_apply;
    Likeness m_likeness;
    std::vector<gateway::ThresholdRate> m_rates;
    std::function<Counts(const std::string &)> m_counts;
    gateway::api::ConfigPtr m_config;
    std::string m_shownRoute;
    double m_shownLive = -1;
};

} // namespace ui::cache
