// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/changes_view.h"

#include "gateway/config/diff.h"
#include "gateway/config/yaml_writer.h"
#include "ui/bridge/text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

QString textOf(const Route *route) { return route ? bridge::qt(toYaml(*route)) : QString(); }

/// Lines of two texts side by side by their longest common part: what went, what came.
class DiffView final : public QWidget
{
public:
    DiffView(const QString &before, const QString &after) { compare(before.split(u'\n', Qt::SkipEmptyParts), after.split(u'\n', Qt::SkipEmptyParts)); }

    QSize sizeHint() const override { return {520, static_cast<int>(m_lines.size()) * rowHeight + 8}; }
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColors &c = colorsOf(this);
        QPainter painter(this);
        painter.fillRect(rect(), c.win);
        painter.setFont(monoFont(12));
        int y = 4;
        for (const Line &line : m_lines) {
            const QRect row(0, y, width(), rowHeight);
            if (line.sign != u' ')
                painter.fillRect(row, line.sign == u'+' ? c.okBg : c.errBg);
            painter.setPen(line.sign == u'+' ? c.ok : line.sign == u'-' ? c.err : c.muted);
            painter.drawText(row.adjusted(10, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, line.sign == u'-' ? u"−"_s : QString(line.sign));
            painter.setPen(line.sign == u' ' ? c.muted : c.text);
            painter.drawText(row.adjusted(28, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, line.text);
            y += rowHeight;
        }
    }

private:
    static constexpr int rowHeight = 18;
    static constexpr qsizetype context = 2;
    struct Line
    {
        QChar sign;
        QString text;
    };

    void compare(const QStringList &a, const QStringList &b)
    {
        const qsizetype n = a.size(), m = b.size();
        QList<QList<int>> common(n + 1, QList<int>(m + 1, 0));
        for (qsizetype i = n - 1; i >= 0; --i)
            for (qsizetype j = m - 1; j >= 0; --j)
                common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
        QList<Line> all;
        qsizetype i = 0, j = 0;
        while (i < n || j < m) {
            if (i < n && j < m && a[i] == b[j]) {
                all.append({u' ', a[i++]});
                ++j;
            } else if (i < n && (j == m || common[i + 1][j] >= common[i][j + 1])) {
                all.append({u'-', a[i++]});
            } else {
                all.append({u'+', b[j++]});
            }
        }
        fold(all);
    }

    /// Equal lines far from any change are told by their number.
    void fold(const QList<Line> &all)
    {
        const auto near = [&](qsizetype at) {
            for (qsizetype k = std::max<qsizetype>(0, at - context); k < std::min(all.size(), at + context + 1); ++k)
                if (all[k].sign != u' ')
                    return true;
            return false;
        };
        int folded = 0;
        const auto flush = [&] {
            if (folded > 0)
                m_lines.append({u' ', folded == 1 ? ui::routes::tr("… 1 equal line") : ui::routes::tr("… %1 equal lines").arg(folded)});
            folded = 0;
        };
        for (qsizetype k = 0; k < all.size(); ++k) {
            if (!near(k)) {
                ++folded;
                continue;
            }
            flush();
            m_lines.append(all[k]);
        }
        flush();
    }

    QList<Line> m_lines;
};

/// @return false: the change is not about a route
bool addRouteChange(QVBoxLayout *column, const Change &change, const Config &before, const Config &after)
{
    const auto named = [&](const Route &route) { return "route " + route.name == change.entry; };
    const auto now = std::ranges::find_if(after.routes, named), then = std::ranges::find_if(before.routes, named);
    if (now == after.routes.end() && then == before.routes.end())
        return false;
    const Route *old = now != after.routes.end() ? sameRoute(before.routes, *now) : &*then;
    column->addWidget(new DiffView(textOf(old), textOf(now != after.routes.end() ? &*now : nullptr)));
    return true;
}

} // namespace

const Route *sameRoute(const std::vector<Route> &routes, const Route &wanted)
{
    const auto found = std::ranges::find_if(routes, [&](const Route &one) { return wanted.id.empty() ? one.name == wanted.name : one.id == wanted.id; });
    return found == routes.end() ? nullptr : &*found;
}

ChangesView::ChangesView(QWidget *parent) : QScrollArea(parent)
{
    setObjectName(u"routes.changesView"_s);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
}

void ChangesView::setChanges(const Config &before, const Config &after)
{
    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    for (const Change &change : diff(before, after)) {
        const QString what = change.kind == Change::Kind::Added ? tr(" · new") : change.kind == Change::Kind::Removed ? tr(" · removed") : QString();
        auto *line = new Label(Label::Kind::Body, bridge::qt(change.entry) + what);
        line->setFont(textFont(13, QFont::DemiBold));
        column->addWidget(line);
        if (addRouteChange(column, change, before, after))
            continue;
        for (const std::string &field : change.fields)
            column->addWidget(new Label(Label::Kind::Secondary, bridge::qt(field)));
    }
    if (column->isEmpty())
        column->addWidget(new Label(Label::Kind::Secondary, tr("Nothing differs.")));
    column->addStretch(1);
    setWidget(list); // the one before goes
    list->setAutoFillBackground(false);
    setMinimumHeight(std::min(320, list->sizeHint().height() + 4));
    updateGeometry();
}

QSize ChangesView::sizeHint() const { return widget() ? widget()->sizeHint() : QScrollArea::sizeHint(); }

} // namespace ui::routes
