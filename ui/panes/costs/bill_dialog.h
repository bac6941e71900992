// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_tools.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/dialog.h"

class QCheckBox;
class QComboBox;
class QStackedLayout;

namespace ui::widgets {
class EmptyState;
class Label;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::costs {

class BillModel;
class CauseBar;

/// A provider's bill beside the call log: files are chosen or dropped, then what differs is shown as a bar by cause and as a
/// table by day and model, each row with why. Nothing is changed or kept.
class BillDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param providers  names of the configuration's, of which one can be said to be the bill's
    BillDialog(gateway::api::CostTools &tools, bridge::ViewContext &view, const std::vector<std::string> &providers, QWidget *parent);

    /// Reads the files, off this thread, and compares them with the log.
    void compare(const QStringList &files);
    [[nodiscard]] QByteArray csv() const;

Q_SIGNALS:
    void callsWanted(const QDate &day, const QString &model); ///< that day in UTC

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makeWhose(const std::vector<std::string> &providers);
    QWidget *makeResult();
    void chooseFiles();
    void save();
    void ask(std::vector<std::string> exports);
    void refuse(const gateway::Error &error);
    void take(const gateway::billing::Reconciliation &all);
    void showColumns(const gateway::billing::Reconciliation &all);
    void showError(const QString &headline, const QString &detail);
    void showWhy(int row);
    void openRow(int row);

    gateway::api::CostTools &m_tools;
    bridge::ViewContext &m_view;
    QStringList m_files; ///< that were chosen last
    QComboBox *m_whose;
    QStackedLayout *m_stack;
    widgets::SectionBanner *m_banner, *m_sentence;
    widgets::EmptyState *m_empty;
    widgets::SkeletonView *m_waiting;
    CauseBar *m_causes;
    BillModel *m_rows;
    widgets::TableView *m_table;
    widgets::Label *m_why;
    QCheckBox *m_all;
    widgets::Button *m_calls, *m_save;
    quint64 m_generation = 0; ///< an answer to an old question is dropped
};

} // namespace ui::costs
