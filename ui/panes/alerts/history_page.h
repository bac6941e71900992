// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_tools.h"
#include "ui/panes/alerts/cells_model.h"
#include "ui/widgets/table_view.h"

#include <QWidget>

#include <functional>

class QHBoxLayout;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
}

namespace ui::alerts {

/// A list of what alerts did, newest first, a page at a time: of the chosen alert, or of all. What the rows are and say is its
/// subclass's. Asked for while it is seen. GUI thread.
class HistoryPage : public QWidget
{
    Q_OBJECT
public:
    /// The gateway's alerts by id; empty: the alert was never saved, so nothing came of it.
    void setAlert(const std::optional<std::string> &alert);
    void setSeen(bool seen);
    void ask();     ///< anew
    void refresh(); ///< the same, unless older pages are shown, which would go

protected:
    struct Words
    {
        QString name;    ///< of the parts' objects: "firings" makes "alerts.firings"
        QString title;   ///< accessible
        QString nothing; ///< where there is no row
        QString what;    ///< that is waited for
        QString failed;
    };
    HistoryPage(const Words &words, const QStringList &titles, QWidget *parent);

    /// Asks for a page; takePage() or takeError() is called with that question's number.
    virtual void askPage(const gateway::AlertListQuery &query, quint64 question) = 0;
    /// The rows as they stand now, in the order of the pages.
    [[nodiscard]] virtual QList<CellsModel::Row> rows() const = 0;
    virtual void forget() = 0; ///< the rows so far

    /// @return whether it is still wanted
    [[nodiscard]] bool wanted(quint64 question) const { return question == m_question; }
    void takePage(bool more, std::int64_t last);
    void takeError(const gateway::Error &error);
    [[nodiscard]] widgets::TableView *table() const { return m_table; }
    [[nodiscard]] QHBoxLayout *bar() const { return m_bar; }
    [[nodiscard]] bool ofAll() const;

    static constexpr int pageSize = 100;

private:
    void askFrom(std::int64_t before);

    std::string m_alert;      ///< empty with m_any false: none
    bool m_any = false, m_seen = false, m_stale = true, m_filled = false;
    std::int64_t m_last = 0;  ///< number of the last row that is shown
    quint64 m_question = 0;
    QString m_what, m_failed;
    CellsModel *m_model;
    QHBoxLayout *m_bar;
    widgets::SegmentedControl *m_whose;
    widgets::TableView *m_table;
    widgets::Button *m_older;
    QStackedWidget *m_stack;
    QWidget *m_list;
    widgets::EmptyState *m_empty;
    widgets::SkeletonView *m_skeleton;
    widgets::SectionBanner *m_banner;
    QWidget *m_bannerBox;
};

} // namespace ui::alerts
