// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"

#include <QSet>
#include <QWidget>

class QComboBox;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class SearchField;
class SectionBanner;
class SkeletonView;
class TableView;
}

namespace ui::settings {

class AuditDetail;
class AuditExport;
class AuditModel;
class ChainBar;

/// "Who changed what": the audit log, newest first, live, narrowed by who, kind and text; one entry in full below; the state
/// of its chain; going back to a version; a CSV file of what was found.
class AuditPage final : public QWidget
{
    Q_OBJECT
public:
    AuditPage(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);

    /// On the screen or not: nothing is asked while it is not.
    void setActive(bool active);
    void focusSearch();
    void exportTo(const QString &path);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeTop();
    QWidget *makeFilter();
    QWidget *makeList();
    void fitColumns();
    void connectModel();
    void ask();
    void askAuthors();
    void addAuthors(int first, int last); ///< of the rows
    void addAuthor(const std::string &author);
    void takeNew();
    void showList();
    void showFailure(const QString &problem);
    void showChosen();
    void clearFilter();
    void askGoBack(quint64 revision);
    void chooseExport();
    [[nodiscard]] bool narrowed() const;

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    AuditModel *m_model;
    ChainBar *m_chain;
    AuditExport *m_export;
    widgets::Button *m_exportButton;
    QComboBox *m_who;
    QComboBox *m_kind;
    widgets::SearchField *m_search;
    widgets::SectionBanner *m_failure;
    widgets::SectionBanner *m_lost;
    QStackedWidget *m_stack;
    widgets::TableView *m_table;
    widgets::SkeletonView *m_waiting;
    widgets::EmptyState *m_empty;
    widgets::EmptyState *m_noMatch;
    AuditDetail *m_detail;
    QSet<QString> m_authors; ///< that the choice of who has
    gateway::WallTime m_lastGood {};
    bool m_active = false;
};

} // namespace ui::settings
