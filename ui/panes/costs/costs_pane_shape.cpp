// SPDX-License-Identifier: GPL-3.0-or-later
// The costs as charts, as a table, or in SQL.
#include "ui/panes/costs/cost_sql.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

#include <QSettings>
#include <QShortcut>
#include <QStackedLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {

void CostsPane::setUpSql()
{
    auto *tools = gateway::api::SqlTools::of(gateway());
    if (!tools)
        return;
    m_sql = new SqlView(*tools, context());
    m_sql->setObjectName(u"costs.sql"_s);
    m_stack->addWidget(m_sql); // the SqlPage
    connect(m_sql, &SqlView::builderWanted, this, &CostsPane::showAsSql);
    auto *turn = new QShortcut(Qt::Key_F4, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(turn, &QShortcut::activated, this, [this] { m_shape == Shape::Sql ? setShape(Shape::Chart) : showAsSql(); });
    if (const QSettings *settings = context().settings)
        setShape(Shape(qBound(0, settings->value(u"costs/shape"_s, 0).toInt(), int(Shape::Sql))));
}

void CostsPane::setShape(Shape shape)
{
    if (shape == Shape::Sql && !m_sql)
        return;
    const bool wasSql = m_shape == Shape::Sql;
    m_shape = shape;
    if (m_shapes)
        m_shapes->setCurrent(int(shape));
    if (context().settings)
        context().settings->setValue(u"costs/shape"_s, int(shape));
    m_charts->setVisible(shape == Shape::Chart);
    showPage();
    if (!active())
        return;
    focusTarget()->setFocus();
    if (wasSql && shape != Shape::Sql)
        ask();
    if (wasSql != (shape == Shape::Sql) && m_failed)
        Q_EMIT logTroubleChanged();
}

void CostsPane::showAsSql()
{
    if (!m_sql)
        return;
    setShape(Shape::Sql);
    m_sql->ask(costSql(question(), view().filter()));
}

void CostsPane::showPage() { m_stack->setCurrentIndex(m_shape == Shape::Sql ? SqlPage : m_never ? EmptyPage : ChartsPage); }

} // namespace ui::costs
