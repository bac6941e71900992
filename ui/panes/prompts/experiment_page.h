// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/prompt_results.h"
#include "ui/bridge/config_draft.h"

#include <QWidget>

#include <string>
#include <vector>

class QMenu;
class QStackedWidget;

namespace ui::widgets {
class Button;
class Card;
class ElidedLabel;
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::prompts {

class ResultsModel;
class ShareTable;

/// An experiment shares out calls that name no version; below, what came of each version. Shares are edited in the draft.
class ExperimentPage final : public QWidget
{
    Q_OBJECT
public:
    explicit ExperimentPage(bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    void show(const std::string &id, bool editable);
    using QWidget::show;
    /// @param range    "the last 1 h"
    /// @param problem  why the newest ones could not be read; empty: they are the newest
    void showResults(const std::vector<gateway::PromptFigures> &figures, bool known, const QString &range, const QString &problem);

Q_SIGNALS:
    void notUnderstood(const QString &why);
    void retryWanted();

private:
    using Prompt = gateway::config::Prompt;

    QWidget *makeShares();
    QWidget *makeResults();
    void connectParts();
    void refresh();
    void fillAddMenu();
    void begin();
    void addShare(const gateway::config::ExperimentShare &share);
    void removeShare();
    void edit(const QString &what, const std::function<void(Prompt &)> &change);
    [[nodiscard]] const Prompt *prompt() const;

    bridge::ConfigDraft &m_draft;
    std::string m_id;
    bool m_editable = false;
    widgets::Card *m_sharesCard, *m_resultsCard;
    widgets::ElidedLabel *m_range;
    widgets::Button *m_add, *m_remove, *m_end, *m_first;
    QMenu *m_addMenu;
    QStackedWidget *m_sharePages, *m_resultPages;
    widgets::EmptyState *m_none, *m_noCalls;
    widgets::TableView *m_shares, *m_results;
    ShareTable *m_shareModel;
    ResultsModel *m_resultModel;
    widgets::Label *m_problem;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_skeleton;
};

} // namespace ui::prompts
