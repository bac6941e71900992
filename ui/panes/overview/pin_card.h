// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/sql_result.h"
#include "ui/panes/pinned_queries.h"
#include "ui/widgets/card.h"

#include <memory>

class QAction;
class QStackedLayout;

namespace ui::costs {
class SqlResults;
}

namespace ui::widgets {
class SectionBanner;
class SkeletonView;
}

namespace ui::overview {

/// A pinned query's result, as a table or a chart, and when it was read. Where reading fails, the last one stays, dimmed.
class PinCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit PinCard(const panes::PinnedQuery &pin, QWidget *parent = nullptr);

    void showWaiting();
    void showAnswer(const std::shared_ptr<const gateway::SqlAnswer> &answer, gateway::WallTime at);
    void showProblem(const gateway::SqlProblem &problem);
    [[nodiscard]] costs::SqlResults *results() const { return m_results; }

Q_SIGNALS:
    void unpinned();
    void retried();
    void changed(const ui::panes::PinnedQuery &pin); ///< its title, or how it is shown
    void callWanted(const QString &id);
    void told(const QString &words);

private:
    void setUpMenu();
    void rename();
    void setChart(bool chart);
    [[nodiscard]] QString fileName() const;

    panes::PinnedQuery m_pin;
    costs::SqlResults *m_results;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_skeleton;
    QStackedLayout *m_stack;
    QAction *m_chartAction = nullptr;
};

} // namespace ui::overview
