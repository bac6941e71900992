// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_controls.h"

#include "ui/panes/costs/cost_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::CostField;
using gateway::CostMeasure;

QStringList fieldWords()
{
    QStringList words;
    for (std::size_t i = 0; i < gateway::costFieldCount; ++i)
        words.append(fieldWord(CostField(i)));
    return words;
}

} // namespace

CostControls::CostControls(QSettings *settings, QWidget *parent) : QWidget(parent), m_settings(settings), m_row(new QHBoxLayout(this)), m_compare(new QCheckBox(tr("Compare"))), m_dates(new widgets::Button(widgets::Icon::Clock, tr("Dates")))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    m_by = choice(u"by"_s, tr("Group by"), fieldWords());
    m_then = choice(u"then"_s, tr("and"), QStringList {tr("nothing more")} + fieldWords());
    m_then->setCurrentIndex(1 + int(CostField::Model));
    m_measure = choice(u"measure"_s, tr("Measure"), {measureWord(CostMeasure::Cost), measureWord(CostMeasure::Calls), measureWord(CostMeasure::Tokens)});
    QStringList pers;
    for (int i = 0; i < perCount; ++i)
        pers.append(perWords(Per(i)));
    m_per = choice(u"per"_s, tr("Per"), pers);
    m_compare->setObjectName(u"costs.compare"_s);
    m_compare->setChecked(true);
    m_compare->setToolTip(tr("With the period before"));
    m_row->addSpacing(4);
    m_row->addWidget(m_compare);
    m_row->addStretch(1);
    setUpDates();
    restore();
    connect(m_compare, &QCheckBox::toggled, this, [this] {
        keep();
        Q_EMIT changed();
    });
}

QComboBox *CostControls::choice(const QString &name, const QString &label, const QStringList &items)
{
    auto *box = new QComboBox;
    box->setObjectName(u"costs."_s + name);
    box->setAccessibleName(label);
    box->addItems(items);
    auto *words = new widgets::Label(widgets::Label::Kind::Secondary, label);
    words->setBuddy(box);
    m_row->addWidget(words);
    m_row->addWidget(box);
    connect(box, &QComboBox::activated, this, [this] {
        keep();
        Q_EMIT changed();
    });
    return box;
}

void CostControls::setUpDates()
{
    m_dates->setObjectName(u"costs.dates"_s);
    m_dates->setTrailing(widgets::Icon::Down);
    m_dates->setToolTip(tr("Months and days of the calendar, in the gateway's time zone"));
    auto *menu = new QMenu(this);
    for (const auto &[dates, text] : {std::pair {Dates::ThisMonth, tr("This month")}, {Dates::LastMonth, tr("Last month")}, {Dates::LastThreeMonths, tr("Last three months")}, {Dates::ThisYear, tr("This year")}, {Dates::Chosen, tr("From and to…")}}) {
        if (dates == Dates::Chosen)
            menu->addSeparator();
        connect(menu->addAction(text), &QAction::triggered, this, [this, dates = dates] { Q_EMIT datesWanted(dates); });
    }
    connect(m_dates, &QPushButton::clicked, this, [this, menu] { menu->popup(m_dates->mapToGlobal(QPoint(0, m_dates->height() + 2))); });
    m_row->addWidget(m_dates);
}

void CostControls::restore()
{
    if (!m_settings)
        return;
    for (QComboBox *box : {m_by, m_then, m_measure, m_per}) {
        const int index = m_settings->value(box->objectName().replace(u'.', u'/'), box->currentIndex()).toInt();
        if (index >= 0 && index < box->count())
            box->setCurrentIndex(index);
    }
    m_compare->setChecked(m_settings->value(u"costs/compare"_s, true).toBool());
}

void CostControls::keep()
{
    if (!m_settings)
        return;
    for (const QComboBox *box : {m_by, m_then, m_measure, m_per})
        m_settings->setValue(box->objectName().replace(u'.', u'/'), box->currentIndex());
    m_settings->setValue(u"costs/compare"_s, m_compare->isChecked());
}

CostField CostControls::by() const { return CostField(m_by->currentIndex()); }
CostMeasure CostControls::measure() const { return CostMeasure(m_measure->currentIndex()); }
Per CostControls::per() const { return Per(m_per->currentIndex()); }
bool CostControls::compare() const { return m_compare->isChecked(); }

std::optional<CostField> CostControls::then() const
{
    const int index = m_then->currentIndex() - 1;
    return index < 0 || CostField(index) == by() ? std::nullopt : std::optional(CostField(index));
}

void CostControls::setBy(CostField field)
{
    if (field == by())
        return;
    m_by->setCurrentIndex(int(field));
    keep();
    Q_EMIT changed();
}

} // namespace ui::costs
