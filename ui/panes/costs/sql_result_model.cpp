// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_result_model.h"

#include "gateway/core/call_id.h"
#include "gateway/core/figure_text.h"
#include "gateway/core/text.h"
#include "ui/bridge/text.h"
#include "ui/widgets/table_view.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using bridge::qt;
using gateway::SqlResult;
using Kind = SqlResult::Kind;

constexpr std::size_t shownBytes = 300, tipBytes = 2000;

QString oneLine(std::string_view text)
{
    QString line = qt(gateway::truncatedUtf8(text, shownBytes));
    line.replace(u'\n', u'⏎');
    line.replace(u'\t', u' ');
    return qsizetype(text.size()) > qsizetype(shownBytes) ? line + u'…' : line;
}

} // namespace

QString sqlNumberText(double value)
{
    if (!std::isfinite(value))
        return QString::number(value);
    const double size = std::abs(value);
    if (size >= 1e15 || (size > 0 && size < 1e-6))
        return QString::number(value, 'g', 6);
    const int places = size >= 1000 ? 2 : size >= 1 ? 4 : 6;
    QString text = QLocale::c().toString(value, 'f', places);
    while (text.contains(u'.') && (text.endsWith(u'0') || text.endsWith(u'.')))
        text.chop(1);
    return text;
}

QString sqlChartText(double value)
{
    const QString plain = sqlNumberText(value);
    return std::ranges::any_of(plain, [](QChar c) { return c.isLetter(); }) ? plain : bridge::qt(gateway::grouped(bridge::utf8(plain)));
}

void SqlResultModel::setAnswer(Answer answer)
{
    beginResetModel();
    m_answer = std::move(answer);
    endResetModel();
}

int SqlResultModel::rowCount(const QModelIndex &parent) const { return parent.isValid() || !m_answer ? 0 : int(m_answer->result.rows()); }
int SqlResultModel::columnCount(const QModelIndex &parent) const { return parent.isValid() || !m_answer ? 0 : int(m_answer->result.columns().size()); }

QString SqlResultModel::callAt(const QModelIndex &index) const
{
    if (!index.isValid() || !m_answer || m_answer->result.kind(std::size_t(index.row()), std::size_t(index.column())) != Kind::Text)
        return {};
    const std::string_view text = m_answer->result.text(std::size_t(index.row()), std::size_t(index.column()));
    return gateway::isCallId(text) ? qt(text) : QString();
}

QString SqlResultModel::plainText(int row, int column) const { return qt(m_answer->result.asText(std::size_t(row), std::size_t(column))); }

QString SqlResultModel::shown(std::size_t row, std::size_t column) const
{
    const SqlResult &result = m_answer->result;
    switch (result.kind(row, column)) {
    case Kind::Null: return u"NULL"_s;
    case Kind::Integer: return QString::number(result.integer(row, column));
    case Kind::Real: return sqlNumberText(result.real(row, column));
    case Kind::Text: return oneLine(result.text(row, column));
    case Kind::Blob: return tr("blob of %1 bytes").arg(result.text(row, column).size());
    }
    return {};
}

QVariant SqlResultModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_answer)
        return {};
    const auto row = std::size_t(index.row()), column = std::size_t(index.column());
    const SqlResult &result = m_answer->result;
    const Kind kind = result.kind(row, column);
    switch (role) {
    case Qt::DisplayRole: return shown(row, column);
    case Qt::TextAlignmentRole: return int((result.isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole: {
        if (!callAt(index).isEmpty())
            return tr("Double-click or Enter shows this call");
        if (kind == Kind::Text || kind == Kind::Blob || kind == Kind::Real)
            return qt(gateway::truncatedUtf8(result.asText(row, column), tipBytes));
        return {};
    }
    case widgets::CellRoleColor:
        if (kind == Kind::Null || kind == Kind::Blob)
            return int(widgets::Role::Muted);
        return callAt(index).isEmpty() ? QVariant() : QVariant(int(widgets::Role::Accent));
    case widgets::CellMono: return kind == Kind::Null || !callAt(index).isEmpty();
    default: return {};
    }
}

QVariant SqlResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_answer || orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::DisplayRole)
        return qt(m_answer->result.columns()[std::size_t(section)]);
    if (role == Qt::TextAlignmentRole)
        return int((m_answer->result.isNumeric(std::size_t(section)) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace ui::costs
