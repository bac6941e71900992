// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/quiet_field.h"

#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QLocale>
#include <QMenu>
#include <QTimeEdit>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using gateway::config::QuietHours;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

constexpr int minutesAnHour = 60, timeWidth = 58;

const std::vector<int> &workdays()
{
    static const std::vector<int> days {1, 2, 3, 4, 5};
    return days;
}

const std::vector<int> &weekend()
{
    static const std::vector<int> days {6, 7};
    return days;
}

QTime timeOf(int minute) { return QTime(minute / minutesAnHour, minute % minutesAnHour); }
int minuteOf(const QTime &time) { return time.hour() * minutesAnHour + time.minute(); }

} // namespace

QString daysText(const std::vector<int> &days)
{
    std::vector<int> sorted = days;
    std::ranges::sort(sorted);
    if (sorted.empty() || sorted.size() == 7)
        return QuietField::tr("every day");
    if (sorted == workdays())
        return QuietField::tr("Mon to Fri");
    if (sorted == weekend())
        return QuietField::tr("Sat, Sun");
    QStringList names;
    for (const int day : sorted)
        names << QLocale().dayName(day, QLocale::ShortFormat);
    return names.join(u", "_s);
}

QuietField::QuietField(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this)), m_note(new Label(Label::Kind::Note)), m_add(new Button(Icon::Plus, tr("Add quiet hours")))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(4);
    m_note->setWordWrap(true);
    m_add->setObjectName(u"alerts.form.addQuiet"_s);
    m_add->setSmall(true);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_quiet.push_back({.from = 22 * minutesAnHour, .to = 7 * minutesAnHour});
        Q_EMIT edited({});
    });
    m_column->addWidget(m_note);
    m_column->addWidget(m_add, 0, Qt::AlignLeft);
}

QTimeEdit *QuietField::timeEdit(std::size_t row, int QuietHours::*member, const QString &name, const QString &title)
{
    auto *edit = new QTimeEdit;
    edit->setDisplayFormat(u"HH:mm"_s);
    edit->setButtonSymbols(QAbstractSpinBox::NoButtons); // arrow keys do
    edit->setFixedWidth(timeWidth);
    edit->setMinimumHeight(28);
    edit->setObjectName(u"alerts.form.quiet%1.%2"_s.arg(row).arg(name));
    edit->setAccessibleName(title);
    connect(edit, &QTimeEdit::timeChanged, this, [this, row, member, name](const QTime &time) {
        if (m_filling)
            return;
        m_quiet[row].*member = minuteOf(time);
        Q_EMIT edited(u"quiet %1 %2"_s.arg(row).arg(name));
    });
    return edit;
}

void QuietField::fillDays(QMenu *menu, std::size_t row)
{
    menu->clear();
    const auto choose = [this, row](const std::vector<int> &days) {
        m_quiet[row].days = days;
        Q_EMIT edited({});
    };
    menu->addAction(tr("Every day"), this, [choose] { choose({}); });
    menu->addAction(tr("Monday to Friday"), this, [choose] { choose(workdays()); });
    menu->addAction(tr("Saturday and Sunday"), this, [choose] { choose(weekend()); });
    menu->addSeparator();
    for (int day = 1; day <= 7; ++day) {
        const std::vector<int> &days = m_quiet[row].days;
        const bool on = days.empty() || std::ranges::find(days, day) != days.end();
        QAction *action = menu->addAction(QLocale().dayName(day));
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::triggered, this, [this, row, day, choose](bool wanted) {
            std::vector<int> next;
            for (int other = 1; other <= 7; ++other) {
                const std::vector<int> &now = m_quiet[row].days;
                const bool was = now.empty() || std::ranges::find(now, other) != now.end();
                if (other == day ? wanted : was)
                    next.push_back(other);
            }
            choose(next.size() == 7 ? std::vector<int> {} : next); // none is left: that is every day too
        });
    }
}

void QuietField::addRow()
{
    const auto index = static_cast<std::size_t>(m_rows.size());
    Row row {.box = new QWidget, .from = timeEdit(index, &QuietHours::from, u"from"_s, tr("Quiet from")), .to = timeEdit(index, &QuietHours::to, u"to"_s, tr("Quiet to")), .days = new Button(QString()),
             .remove = Button::iconOnly(Icon::Trash, tr("Remove these quiet hours"), nullptr, Button::Kind::Flat)};
    row.days->setObjectName(u"alerts.form.quiet%1.days"_s.arg(index));
    row.days->setTrailing(Icon::Down);
    row.remove->setObjectName(u"alerts.form.quiet%1.remove"_s.arg(index));
    row.remove->setSmall(true);
    auto *menu = new QMenu(row.days);
    connect(row.days, &QPushButton::clicked, this, [this, menu, index, button = row.days] {
        fillDays(menu, index);
        menu->popup(button->mapToGlobal(QPoint(0, button->height())));
    });
    connect(row.remove, &QPushButton::clicked, this, [this, index] {
        m_quiet.erase(m_quiet.begin() + static_cast<std::ptrdiff_t>(index));
        Q_EMIT edited({});
    });
    auto *line = new QHBoxLayout(row.box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    line->addWidget(row.from);
    line->addWidget(row.to);
    line->addWidget(row.days, 1);
    line->addWidget(row.remove);
    m_column->insertWidget(static_cast<int>(index), row.box);
    row.box->show();
    m_rows.append(row);
}

void QuietField::show(const std::vector<QuietHours> &quiet, bool editable, const QString &zone)
{
    m_filling = true;
    m_quiet = quiet;
    while (m_rows.size() < static_cast<qsizetype>(quiet.size()))
        addRow();
    while (m_rows.size() > static_cast<qsizetype>(quiet.size())) {
        QWidget *box = m_rows.takeLast().box;
        box->setParent(nullptr); // its names are free again
        box->deleteLater(); // one of its own signals may have led here
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows.at(i);
        const QuietHours &hours = quiet[static_cast<std::size_t>(i)];
        row.from->setTime(timeOf(hours.from));
        row.to->setTime(timeOf(hours.to));
        row.days->setText(daysText(hours.days));
        row.days->setAccessibleName(tr("Days: %1").arg(daysText(hours.days)));
        row.from->setReadOnly(!editable);
        row.to->setReadOnly(!editable);
        row.days->setEnabled(editable);
        row.remove->setVisible(editable);
    }
    m_note->setText(m_rows.isEmpty() ? tr("None: it tells at any hour.") : tr("By the clocks of %1. What fires meanwhile is told afterwards, if it is still so.").arg(zone));
    m_add->setVisible(editable);
    m_filling = false;
}

} // namespace ui::alerts
