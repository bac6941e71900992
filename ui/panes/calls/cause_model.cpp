// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/cause_model.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/facet_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::ErrorCause;

QString message(const ErrorCause &cause) { return cause.message.empty() ? CauseModel::tr("no message") : qt(cause.message); }

/// "server_error, openai, 502"
QString whatWords(const ErrorCause &cause)
{
    QStringList parts;
    if (!cause.error.empty())
        parts.append(qt(cause.error));
    parts.append(cause.refused ? CauseModel::tr("refused by Signalbox") : cause.provider.empty() ? CauseModel::tr("no provider was asked") : qt(cause.provider));
    if (cause.httpStatus > 0)
        parts.append(QString::number(cause.httpStatus));
    return parts.join(u", "_s);
}

QString listWords(const QString &field, const std::vector<gateway::FieldValue> &values, std::size_t more)
{
    QStringList words;
    for (const gateway::FieldValue &value : values)
        words.append(u"%1 %2"_s.arg(facetValue(field, qt(value.value)), widgets::count(value.calls)));
    if (more > 0)
        words.append(CauseModel::tr("%1 more").arg(widgets::count(more)));
    return words.join(u", "_s);
}

/// "smart +2"
QString shortWords(const QString &field, const std::vector<gateway::FieldValue> &values, std::size_t more)
{
    if (values.empty())
        return widgets::unknownText();
    const std::size_t others = values.size() - 1 + more;
    const QString first = facetValue(field, qt(values.front().value));
    return others == 0 ? first : u"%1 +%2"_s.arg(first).arg(others);
}

} // namespace

void CauseModel::setCauses(gateway::ErrorCauses causes, gateway::WallTime now)
{
    beginResetModel();
    m_causes = std::move(causes);
    m_now = now;
    endResetModel();
}

const ErrorCause *CauseModel::cause(int row) const
{
    return row >= 0 && std::size_t(row) < m_causes.causes.size() ? &m_causes.causes[std::size_t(row)] : nullptr;
}

int CauseModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_causes.causes.size()); }
int CauseModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QString CauseModel::text(const ErrorCause &cause, int column) const
{
    switch (column) {
    case Cause: return message(cause);
    case Calls: return widgets::count(cause.calls) + (m_causes.complete ? QString() : u"+"_s);
    case Share: return widgets::share(cause.calls, m_causes.calls);
    case First: return widgets::moment(cause.first, m_now);
    case Last: return widgets::moment(cause.last, m_now);
    case Hit: return shortWords(u"route"_s, cause.routes, cause.moreRoutes);
    case Newest: return cause.samples.empty() ? widgets::unknownText() : u"…"_s + qt(cause.samples.front()).right(6);
    default: return {};
    }
}

QString CauseModel::toolTip(const ErrorCause &cause, int column) const
{
    switch (column) {
    case Cause: return u"%1\n%2"_s.arg(message(cause), whatWords(cause));
    case Spread: return tr("%1 calls between %2 and %3").arg(widgets::count(cause.calls), widgets::moment(m_causes.range.from, m_now), widgets::moment(m_causes.range.to, m_now));
    case Hit: return tr("Routes: %1\nTeams: %2").arg(listWords(u"route"_s, cause.routes, cause.moreRoutes), listWords(u"team"_s, cause.teams, cause.moreTeams));
    case Newest: return tr("Look at the newest call");
    case First: return widgets::dateTimeUtc(cause.first);
    case Last: return widgets::dateTimeUtc(cause.last);
    default: return {};
    }
}

QVariant CauseModel::data(const QModelIndex &index, int role) const
{
    const ErrorCause *cause = this->cause(index.row());
    if (!cause)
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(*cause, column);
    case Qt::ToolTipRole: return toolTip(*cause, column);
    case Qt::TextAlignmentRole: return int((column == Calls || column == Share ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole: return column == Cause ? u"%1. %2"_s.arg(message(*cause), whatWords(*cause)) : QVariant();
    case widgets::CellSubText:
        if (column == Cause)
            return whatWords(*cause);
        return column == Hit ? QVariant(shortWords(u"team"_s, cause->teams, cause->moreTeams)) : QVariant();
    case widgets::CellStrong: return column == Cause;
    case widgets::CellSmall: return column != Cause;
    case widgets::CellMono: return column == Newest;
    case widgets::CellRoleColor: return column == Newest ? QVariant(int(widgets::Role::Accent)) : column == Cause && cause->message.empty() ? QVariant(int(widgets::Role::Muted)) : QVariant();
    case Parts: {
        QList<double> parts;
        for (const std::uint64_t calls : cause->parts)
            parts.append(double(calls));
        return QVariant::fromValue(parts);
    }
    default: return {};
    }
}

QVariant CauseModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Calls || section == Share ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Cause: return tr("Cause");
    case Calls: return tr("Calls");
    case Share: return tr("Share");
    case Spread: return tr("Over the range");
    case First: return tr("First");
    case Last: return tr("Last");
    case Hit: return tr("Routes, teams");
    case Newest: return tr("Newest call");
    default: return {};
    }
}

void SpreadDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(option.palette);
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);
    paintBackground(painter, option, index);
    const auto parts = index.data(CauseModel::Parts).value<QList<double>>();
    const QRect where = widgets::cellContent(option, index).adjusted(0, 8, 0, -8);
    const double most = parts.isEmpty() ? 0 : *std::ranges::max_element(parts);
    painter->fillRect(QRect(where.x(), where.bottom() + 1, where.width(), 1), c.grid);
    for (qsizetype i = 0; most > 0 && i < parts.size(); ++i) {
        const double width = double(where.width()) / double(parts.size());
        const double height = parts.at(i) > 0 ? qMax(2.0, parts.at(i) / most * where.height()) : 0;
        painter->fillRect(QRectF(where.x() + double(i) * width, where.bottom() + 1 - height, qMax(1.0, width - 1), height), c.series[7]);
    }
    painter->restore();
}

} // namespace ui::calls
