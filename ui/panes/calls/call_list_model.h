// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/mark_change.h"

#include <QAbstractTableModel>
#include <QDate>
#include <QHash>

#include <memory>
#include <vector>

namespace ui::calls {

using RowPtr = std::shared_ptr<const gateway::CallRow>;

/// What a cell carries beside widgets::CellRole.
enum CallRole { PathRole = Qt::UserRole + 1 }; ///< RowPtr: the whole row, for the path

/// The call log, newest first, read in pages of 500 by place (never by offset) as the view goes down. About 20,000 rows
/// are kept; pages far from the view give theirs up, keep their ids and places, and are read again when they come near.
/// Answers of an earlier question are dropped. GUI thread; asks the gateway, never waits.
class CallListModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr int pageSize = 500;
    static constexpr int mostRows = 20'000;

    explicit CallListModel(gateway::api::Gateway *gateway, QObject *parent = nullptr);

    /// Asks for the first page. What is there stays until the answer: answered() or failed().
    void setQuestion(const gateway::TimeRange &range, const gateway::CallFilter &filter);
    /// Forgets the question that is under way; what is there stays.
    void cancel();
    [[nodiscard]] bool asking() const { return m_asking; }
    /// Asks for what was stored since the last answer: rowsCame() follows.
    void askNew();
    /// The rows the view shows: their pages are read again where they were given up, and the next page is in time.
    void setView(int first, int last);

    [[nodiscard]] RowPtr call(int row) const;            ///< null: given up and not read again yet
    [[nodiscard]] QString idAt(int row) const;
    [[nodiscard]] int rowOf(const QString &id) const;    ///< -1: not among those read
    [[nodiscard]] bool complete() const { return m_complete; } ///< the last page was read
    [[nodiscard]] int loadedRows() const { return m_loaded; }
    void setToday(gateway::WallTime now);                 ///< calls of other days are shown with their date
    void setTeams(const QStringList &teams);              ///< in the order of their colours
    void changeMarks(const std::vector<gateway::MarkChange> &changes); ///< of calls that may be here or not

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void answered();                                      ///< to setQuestion(): the list is what was asked for
    void failed(const QString &problem);
    void rowsCame(int above, int total);                  ///< to askNew(), also where none came; `above` of them before what was first
    void tooManyCame();                                   ///< more than is read at once: ask the question again

private:
    struct Page
    {
        std::vector<RowPtr> rows;                         ///< empty: given up
        std::vector<std::string> ids;                     ///< only while given up
        gateway::CallCursor first, last;
        int count = 0;
        bool asked = false;
    };

    void showFirst(std::vector<gateway::CallRow> rows, bool more);
    void appendPage(std::vector<gateway::CallRow> rows, bool more);
    void refill(const gateway::CallCursor &first, std::vector<gateway::CallRow> rows);
    void askPage(Page &page);
    void merge(std::vector<gateway::CallRow> rows);
    int putAbove(std::vector<RowPtr> rows);
    bool putBetween(RowPtr row);
    void giveUpFarPages();
    void countRows();
    [[nodiscard]] std::size_t pageAt(int row) const;
    [[nodiscard]] static Page pageOf(std::vector<RowPtr> rows);
    [[nodiscard]] static std::vector<RowPtr> shared(std::vector<gateway::CallRow> rows);
    [[nodiscard]] gateway::CallQuery query() const;
    [[nodiscard]] QVariant cellLook(const gateway::CallRecord &record, int column, int role) const;

    gateway::api::Gateway *m_gateway;
    gateway::TimeRange m_range;
    gateway::CallFilter m_filter;
    std::vector<Page> m_pages;
    std::vector<int> m_starts;                            ///< of each page, and at the end the number of rows
    int m_loaded = 0;
    quint64 m_generation = 0;                             ///< of the question; answers to others are dropped
    std::int64_t m_storedUpTo = 0;                        ///< rows up to here have been seen
    bool m_asking = false;
    bool m_fetching = false;
    bool m_polling = false;
    bool m_pollAgain = false;
    bool m_shown = false;                                 ///< the present question was answered
    bool m_complete = true;
    int m_viewFirst = 0, m_viewLast = 0;
    QDate m_today;
    QHash<QString, int> m_teams;
};

} // namespace ui::calls

Q_DECLARE_METATYPE(ui::calls::RowPtr)
