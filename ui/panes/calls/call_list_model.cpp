// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_list_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

#include <QDateTime>
#include <QGuiApplication>

#include <algorithm>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::CallCursor;
using gateway::CallRow;
using bridge::qt;

constexpr int mostNew = 2'000;
constexpr int readAhead = 100;

bool newer(const CallCursor &a, const CallCursor &b) { return a.startedUs != b.startedUs ? a.startedUs > b.startedUs : a.row > b.row; }
bool same(const CallCursor &a, const CallCursor &b) { return a.startedUs == b.startedUs && a.row == b.row; }

QDateTime localTime(gateway::WallTime at) { return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count()); }

} // namespace

CallListModel::CallListModel(gateway::api::Gateway *gateway, QObject *parent) : QAbstractTableModel(parent), m_gateway(gateway), m_starts {0} { }

gateway::CallQuery CallListModel::query() const
{
    gateway::CallQuery asked;
    asked.range = m_range;
    asked.filter = m_filter;
    asked.limit = pageSize;
    return asked;
}

void CallListModel::setQuestion(const gateway::TimeRange &range, const gateway::CallFilter &filter)
{
    m_range = range;
    m_filter = filter;
    m_asking = true;
    m_shown = false;
    m_fetching = m_polling = m_pollAgain = false;
    const quint64 generation = ++m_generation;
    const auto storedUpTo = static_cast<std::int64_t>(m_gateway->store().committed);
    m_gateway->calls(query(), this, [this, generation, storedUpTo](gateway::Result<gateway::CallPage> page) {
        if (generation != m_generation)
            return;
        m_asking = false;
        if (!page) {
            Q_EMIT failed(qt(page.error().message));
            return;
        }
        m_storedUpTo = storedUpTo;
        showFirst(std::move(page->rows), page->more);
        Q_EMIT answered();
    });
}

void CallListModel::cancel()
{
    ++m_generation;
    m_asking = m_fetching = m_polling = false;
    for (Page &page : m_pages)
        page.asked = false;
}

std::vector<RowPtr> CallListModel::shared(std::vector<CallRow> rows)
{
    std::vector<RowPtr> result;
    result.reserve(rows.size());
    for (CallRow &row : rows)
        result.push_back(std::make_shared<const CallRow>(std::move(row)));
    return result;
}

CallListModel::Page CallListModel::pageOf(std::vector<RowPtr> rows)
{
    Page page;
    page.first = rows.front()->cursor;
    page.last = rows.back()->cursor;
    page.count = int(rows.size());
    page.rows = std::move(rows);
    return page;
}

void CallListModel::countRows()
{
    m_starts.assign(1, 0);
    m_loaded = 0;
    for (const Page &page : m_pages) {
        m_starts.push_back(m_starts.back() + page.count);
        m_loaded += int(page.rows.size());
    }
}

void CallListModel::showFirst(std::vector<CallRow> rows, bool more)
{
    beginResetModel();
    m_pages.clear();
    if (!rows.empty())
        m_pages.push_back(pageOf(shared(std::move(rows))));
    m_complete = !more;
    m_shown = true;
    m_viewFirst = m_viewLast = 0;
    countRows();
    endResetModel();
}

std::size_t CallListModel::pageAt(int row) const
{
    return std::size_t(std::upper_bound(m_starts.begin(), m_starts.end(), row) - m_starts.begin()) - 1;
}

RowPtr CallListModel::call(int row) const
{
    if (row < 0 || row >= m_starts.back())
        return {};
    const std::size_t page = pageAt(row);
    return m_pages[page].rows.empty() ? RowPtr() : m_pages[page].rows[std::size_t(row - m_starts[page])];
}

QString CallListModel::idAt(int row) const
{
    if (row < 0 || row >= m_starts.back())
        return {};
    const std::size_t page = pageAt(row);
    const auto place = std::size_t(row - m_starts[page]);
    return qt(m_pages[page].rows.empty() ? m_pages[page].ids[place] : m_pages[page].rows[place]->record.id);
}

int CallListModel::rowOf(const QString &id) const
{
    const std::string wanted = bridge::utf8(id);
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        const Page &page = m_pages[i];
        for (std::size_t place = 0; place < std::size_t(page.count); ++place)
            if ((page.rows.empty() ? page.ids[place] : page.rows[place]->record.id) == wanted)
                return m_starts[i] + int(place);
    }
    return -1;
}

bool CallListModel::canFetchMore(const QModelIndex &parent) const { return !parent.isValid() && m_shown && !m_complete && !m_fetching; }

void CallListModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent) || m_pages.empty())
        return;
    m_fetching = true;
    auto asked = query();
    asked.before = m_pages.back().last;
    m_gateway->calls(asked, this, [this, generation = m_generation](gateway::Result<gateway::CallPage> page) {
        if (generation != m_generation)
            return;
        m_fetching = false;
        if (page)
            appendPage(std::move(page->rows), page->more);
        else
            Q_EMIT failed(qt(page.error().message));
    });
}

void CallListModel::appendPage(std::vector<CallRow> rows, bool more)
{
    m_complete = !more;
    // A late one may have been put at the end meanwhile.
    std::erase_if(rows, [&](const CallRow &row) { return !m_pages.empty() && !newer(m_pages.back().last, row.cursor); });
    if (rows.empty())
        return;
    beginInsertRows({}, m_starts.back(), m_starts.back() + int(rows.size()) - 1);
    m_pages.push_back(pageOf(shared(std::move(rows))));
    countRows();
    endInsertRows();
    giveUpFarPages();
}

void CallListModel::setView(int first, int last)
{
    m_viewFirst = first;
    m_viewLast = std::max(first, last);
    if (m_pages.empty())
        return;
    const int end = m_starts.back() - 1;
    const std::size_t from = pageAt(std::clamp(first - readAhead, 0, end)), to = pageAt(std::clamp(last + readAhead, 0, end));
    for (std::size_t i = from; i <= to; ++i)
        askPage(m_pages[i]);
    if (last + readAhead > end)
        fetchMore({});
}

void CallListModel::askPage(Page &page)
{
    if (!page.rows.empty() || page.asked)
        return;
    page.asked = true;
    auto asked = query();
    asked.before = CallCursor {page.first.startedUs, page.first.row + 1};
    asked.limit = page.count + 64; // room for late ones that were stored between these
    m_gateway->calls(asked, this, [this, generation = m_generation, first = page.first](gateway::Result<gateway::CallPage> answer) {
        if (generation != m_generation)
            return;
        if (answer) {
            refill(first, std::move(answer->rows));
        } else {
            for (Page &one : m_pages)
                one.asked = false;
            Q_EMIT failed(qt(answer.error().message));
        }
    });
}

void CallListModel::refill(const CallCursor &first, std::vector<CallRow> rows)
{
    const auto found = std::ranges::find_if(m_pages, [&](const Page &page) { return same(page.first, first); });
    if (found == m_pages.end() || !found->rows.empty())
        return;
    std::erase_if(rows, [&](const CallRow &row) { return newer(found->last, row.cursor); });
    found->asked = false;
    const int start = m_starts[std::size_t(found - m_pages.begin())], before = found->count, now = int(rows.size());
    // The places stay those of the page: a row that was cleaned away moves no border.
    const auto put = [&] {
        found->rows = shared(std::move(rows));
        found->ids = {};
        found->count = now;
        countRows();
    };
    if (now > before) {
        beginInsertRows({}, start + before, start + now - 1);
        put();
        endInsertRows();
    } else if (now < before) {
        beginRemoveRows({}, start + now, start + before - 1);
        put();
        if (now == 0) {
            m_pages.erase(found);
            countRows();
        }
        endRemoveRows();
    } else {
        put();
    }
    if (now > 0)
        Q_EMIT dataChanged(index(start, 0), index(start + now - 1, columnCount() - 1));
    giveUpFarPages();
}

void CallListModel::giveUpFarPages()
{
    while (m_loaded > mostRows) {
        Page *farthest = nullptr;
        int distance = 0;
        for (std::size_t i = 0; i < m_pages.size(); ++i) {
            if (m_pages[i].rows.empty())
                continue;
            const int away = std::max(m_viewFirst - m_starts[i + 1], m_starts[i] - m_viewLast);
            if (away > distance) {
                distance = away;
                farthest = &m_pages[i];
            }
        }
        if (!farthest || distance <= readAhead)
            return;
        for (const RowPtr &row : farthest->rows)
            farthest->ids.push_back(row->record.id);
        m_loaded -= int(farthest->rows.size());
        farthest->rows = {};
    }
}

void CallListModel::askNew()
{
    if (!m_shown)
        return; // the answer that is under way has them
    if (m_polling) {
        m_pollAgain = true;
        return;
    }
    m_polling = true;
    const auto storedUpTo = static_cast<std::int64_t>(m_gateway->store().committed);
    auto asked = query();
    asked.limit = mostNew;
    asked.committedAfter = m_storedUpTo;
    m_gateway->calls(asked, this, [this, generation = m_generation, storedUpTo](gateway::Result<gateway::CallPage> page) {
        if (generation != m_generation)
            return;
        m_polling = false;
        if (!page) {
            Q_EMIT failed(qt(page.error().message));
            return;
        }
        m_storedUpTo = std::max(m_storedUpTo, storedUpTo);
        if (page->more)
            Q_EMIT tooManyCame();
        else
            merge(std::move(page->rows));
        if (std::exchange(m_pollAgain, false))
            askNew();
    });
}

void CallListModel::merge(std::vector<CallRow> rows)
{
    std::vector<RowPtr> above;
    int between = 0;
    for (RowPtr &row : shared(std::move(rows))) {
        if (m_pages.empty() || newer(row->cursor, m_pages.front().first))
            above.push_back(std::move(row));
        else
            between += putBetween(std::move(row));
    }
    const int put = above.empty() ? 0 : putAbove(std::move(above));
    Q_EMIT rowsCame(put, put + between);
}

int CallListModel::putAbove(std::vector<RowPtr> rows)
{
    const int number = int(rows.size());
    beginInsertRows({}, 0, number - 1);
    if (!m_pages.empty() && !m_pages.front().rows.empty() && m_pages.front().count + number <= 2 * pageSize) {
        Page &page = m_pages.front();
        page.first = rows.front()->cursor;
        page.rows.insert(page.rows.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
        page.count += number;
    } else {
        m_pages.insert(m_pages.begin(), pageOf(std::move(rows)));
    }
    countRows();
    endInsertRows();
    giveUpFarPages();
    return number;
}

/// A call that took long is stored after later ones: it goes where it began.
bool CallListModel::putBetween(RowPtr row)
{
    const auto page = std::ranges::find_if(m_pages, [&](const Page &one) { return !newer(one.last, row->cursor); });
    if (page == m_pages.end() && !m_complete)
        return false; // comes with a page that has not been read
    Page &into = page == m_pages.end() ? m_pages.back() : *page;
    if (into.rows.empty())
        return false; // comes when the page is read again
    const auto place = std::ranges::lower_bound(into.rows, row->cursor, newer, [](const RowPtr &one) { return one->cursor; });
    if (place != into.rows.end() && same((*place)->cursor, row->cursor))
        return false;
    const int at = m_starts[std::size_t(&into - m_pages.data())] + int(place - into.rows.begin());
    beginInsertRows({}, at, at);
    into.rows.insert(place, std::move(row));
    into.first = into.rows.front()->cursor;
    into.last = into.rows.back()->cursor;
    ++into.count;
    countRows();
    endInsertRows();
    return true;
}

void CallListModel::setToday(gateway::WallTime now) { m_today = localTime(now).date(); }

void CallListModel::setTeams(const QStringList &teams)
{
    m_teams.clear();
    for (qsizetype i = 0; i < teams.size(); ++i)
        m_teams.insert(teams.at(i), int(i));
    if (m_starts.back() > 0)
        Q_EMIT dataChanged(index(0, int(Column::Team)), index(m_starts.back() - 1, int(Column::Team)));
}

void CallListModel::changeMarks(const std::vector<gateway::MarkChange> &changes)
{
    std::unordered_map<std::string_view, const gateway::MarkChange *> byId;
    for (const gateway::MarkChange &change : changes)
        byId[change.callId] = &change;
    int first = -1, last = -1;
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        std::vector<RowPtr> &rows = m_pages[i].rows;
        for (std::size_t place = 0; place < rows.size(); ++place) {
            const auto found = byId.find(rows[place]->record.id);
            if (found == byId.end())
                continue;
            auto row = std::make_shared<CallRow>(*rows[place]);
            row->mark = {.colour = found->second->colour.value_or(row->mark.colour), .comment = found->second->comment.value_or(row->mark.comment)};
            rows[place] = std::move(row);
            last = m_starts[i] + int(place);
            first = first < 0 ? last : first;
        }
    }
    if (first >= 0)
        Q_EMIT dataChanged(index(first, 0), index(last, columnCount() - 1));
}

int CallListModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_starts.back(); }
int CallListModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : calls::columnCount; }

QVariant CallListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= calls::columnCount)
        return {};
    if (role == Qt::DisplayRole)
        return columnTitle(Column(section));
    if (role == Qt::TextAlignmentRole)
        return int((look(Column(section)).right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && Column(section) == Column::FirstByte)
        return tr("Time to the first token");
    return {};
}

QVariant CallListModel::cellLook(const gateway::CallRecord &record, int column, int role) const
{
    using widgets::Role;
    switch (role) {
    case widgets::CellRoleColor:
        if (Column(column) == Column::Status)
            return int(record.status == gateway::CallStatus::Cancelled ? Role::Muted : statusBad(record) ? Role::Err : Role::Ok);
        if (Column(column) == Column::Path)
            return int(Role::Muted);
        return {};
    case widgets::CellStrong: return Column(column) == Column::Status && statusBad(record);
    case widgets::CellMono: return Column(column) == Column::Time || Column(column) == Column::Trace || Column(column) == Column::Id;
    case widgets::CellSwatch: {
        if (Column(column) != Column::Team || record.team.empty())
            return {};
        const widgets::ThemeColors &c = widgets::colorsOf(QGuiApplication::palette());
        const int place = m_teams.value(qt(record.team), -1);
        return place >= 0 && place < int(c.series.size()) ? c.series.at(std::size_t(place)) : c.otherSeries;
    }
    default: return {};
    }
}

QVariant CallListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((look(Column(index.column())).right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const RowPtr row = call(index.row());
    if (!row)
        return role == Qt::DisplayRole && index.column() == 0 ? QVariant(u"…"_s) : QVariant();
    const gateway::CallRecord &record = row->record;
    switch (role) {
    case Qt::DisplayRole:
        if (Column(index.column()) == Column::Time && localTime(record.startedAt).date() != m_today)
            return localTime(record.startedAt).toString(u"dd MMM HH:mm"_s);
        return cellText(*row, Column(index.column()));
    case Qt::AccessibleDescriptionRole: return index.column() == 0 ? markWords(row->mark) : QVariant();
    case PathRole: return QVariant::fromValue(row);
    case Qt::ToolTipRole:
        switch (Column(index.column())) {
        case Column::Time: return row->mark == gateway::CallMark {} ? widgets::dateTimeUtc(record.startedAt) : widgets::dateTimeUtc(record.startedAt) + u'\n' + markWords(row->mark);
        case Column::Comment: return row->mark.comment.empty() ? QVariant() : QVariant(qt(row->mark.comment));
        case Column::Path: return pathWords(record);
        case Column::Status: return record.errorMessage.empty() ? statusWords(record) : qt(record.errorMessage);
        case Column::TokensIn:
        case Column::TokensOut: return record.usage.estimated ? QVariant(tr("Estimated: the provider gave no usage")) : QVariant();
        case Column::Cost: return record.cost ? QVariant() : QVariant(tr("No price is known for this model"));
        default: return {};
        }
    default: return cellLook(record, index.column(), role);
    }
}

} // namespace ui::calls
