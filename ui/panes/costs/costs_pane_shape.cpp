// SPDX-License-Identifier: GPL-3.0-or-later
// The costs as charts, as a table, in SQL, or what was saved.
#include "ui/panes/costs/cost_sql.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/costs/savings_view.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/table_view.h"

#include <QSettings>
#include <QShortcut>
#include <QStackedLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {

bool CostsPane::has(Shape shape) const { return shape == Shape::Sql ? m_sql != nullptr : shape != Shape::Savings || m_savings != nullptr; }

QList<CostsPane::Shape> CostsPane::shapes() const
{
    QList<Shape> there {Shape::Chart, Shape::Table};
    for (const Shape shape : {Shape::Sql, Shape::Savings})
        if (has(shape))
            there.append(shape);
    return there;
}

void CostsPane::setUpSql()
{
    if (auto *tools = gateway::api::SqlTools::of(gateway())) {
        m_sql = new SqlView(*tools, context());
        m_sql->setObjectName(u"costs.sql"_s);
        m_stack->addWidget(m_sql);
        connect(m_sql, &SqlView::builderWanted, this, &CostsPane::showAsSql);
        auto *turn = new QShortcut(Qt::Key_F4, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(turn, &QShortcut::activated, this, [this] { m_shape == Shape::Sql ? setShape(Shape::Chart) : showAsSql(); });
    }
    if (const QSettings *settings = context().settings)
        setShape(Shape(qBound(0, settings->value(u"costs/shape"_s, 0).toInt(), int(Shape::Savings))));
}

void CostsPane::setShape(Shape shape)
{
    if (!has(shape))
        return;
    const bool toldTrouble = tellsLogTrouble(), askedItself = m_shape == Shape::Chart || m_shape == Shape::Table;
    m_shape = shape;
    if (m_shapes)
        m_shapes->setCurrent(int(shapes().indexOf(shape)));
    if (context().settings)
        context().settings->setValue(u"costs/shape"_s, int(shape));
    m_charts->setVisible(shape == Shape::Chart);
    showPage();
    if (!active())
        return;
    focusTarget()->setFocus();
    if (shape == Shape::Savings || (!askedItself && shape != Shape::Sql))
        ask();
    if (toldTrouble != tellsLogTrouble())
        Q_EMIT logTroubleChanged();
}

void CostsPane::showAsSql()
{
    if (!m_sql)
        return;
    setShape(Shape::Sql);
    m_sql->ask(costSql(question(), view().filter()));
}

void CostsPane::showPage()
{
    QWidget *figures = m_shape == Shape::Savings ? static_cast<QWidget *>(m_savings) : m_chartsPage;
    m_stack->setCurrentWidget(m_shape == Shape::Sql ? static_cast<QWidget *>(m_sql) : m_never ? m_emptyPage : figures);
}

} // namespace ui::costs
