// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/panes/prompts/prompt_book.h"
#include "ui/widgets/dialog.h"

#include <memory>

class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;
class QStandardItemModel;

namespace ui::widgets {
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::prompts {

/// Makes a prompt of what a logged call asked: the call is chosen among the latest, looked at, and named.
class ImportDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param callId  of the call; empty: one is chosen from the log
    ImportDialog(const panes::PaneContext &context, const PromptBook &book, const QString &callId, QWidget *parent);

Q_SIGNALS:
    void imported(const std::string &name, const gateway::config::PromptVersion &version);

private:
    void makeList();
    void askCalls();
    void fill(const gateway::api::CallPage &page);
    void choose(int row);
    void read(const std::string &callId);
    void showVersion(const gateway::config::PromptVersion &version);
    void check();

    panes::PaneContext m_context;
    const PromptBook &m_book;
    std::vector<std::string> m_ids;
    bool m_given;                        ///< the call is no choice
    std::optional<gateway::config::PromptVersion> m_version;
    std::unique_ptr<QObject> m_question; ///< who asks about a call goes with the choice
    QStackedWidget *m_pages;
    widgets::TableView *m_table;
    QStandardItemModel *m_model;
    widgets::SkeletonView *m_skeleton;
    widgets::EmptyState *m_none;
    widgets::SectionBanner *m_banner;
    QPlainTextEdit *m_preview;
    QLineEdit *m_name;
    widgets::Label *m_problem;
    widgets::Button *m_submit;
};

} // namespace ui::prompts
