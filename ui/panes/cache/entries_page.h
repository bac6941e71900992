// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cache_tools.h"
#include "ui/panes/pane.h"

#include <QTimer>

class QComboBox;
class QMenu;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class SectionBanner;
class SelectionBar;
class SkeletonView;
class TableView;
}

namespace ui::cache {

class EntriesModel;

/// The answers that are kept: looked at, sorted, evicted one by one or by route and model.
class EntriesPage final : public QWidget
{
    Q_OBJECT
public:
    explicit EntriesPage(const panes::PaneContext &context, QWidget *parent = nullptr);

    void setSeen(bool seen);
    void ask();
    [[nodiscard]] QWidget *focusTarget() const;

private:
    QWidget *makeBar();
    QWidget *makeTable();
    void connectParts();
    void take(std::vector<gateway::api::CacheEntry> entries);
    void showError(const QString &why);
    void showCount();
    void offerFilters();
    void fillRowMenu(QMenu *menu);
    [[nodiscard]] std::vector<gateway::api::CacheEntry> chosen() const;
    [[nodiscard]] gateway::AnswerFilter shownFilter() const;
    [[nodiscard]] QString shownWords() const;   ///< "smart, gpt-4o"
    void evictChosen();
    void evictShown();
    /// @param hits  of those that go, as far as they are listed
    void confirm(const QString &title, const QString &button, std::uint64_t answers, std::uint64_t hits, std::vector<gateway::AnswerFilter> filters);
    void evict(std::vector<gateway::AnswerFilter> filters);
    void openCall();

    panes::PaneContext m_context;
    EntriesModel *m_model;
    widgets::TableView *m_table;
    QComboBox *m_route, *m_modelBox;
    widgets::Label *m_count;
    widgets::Button *m_evictShown, *m_refresh;
    widgets::SelectionBar *m_selection;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_skeleton;
    widgets::EmptyState *m_empty, *m_noMatch;
    QStackedWidget *m_stack;
    QTimer m_ages;
    gateway::WallTime m_lastGood {};
    bool m_known = false;
    quint64 m_generation = 0;
};

} // namespace ui::cache
