// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/form_lines.h"

#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"

#include <QStringList>
#include <QVBoxLayout>

namespace ui::panes {

namespace {

constexpr int fieldHeight = 28;

} // namespace

void FormLines::Line::setVisible(bool visible) const
{
    if (label)
        label->setVisible(visible);
    field->setVisible(visible);
}

FormLines::FormLines(QWidget *owner, const QString &prefix, int labelWidth) : m_grid(new QGridLayout(owner)), m_prefix(prefix)
{
    m_grid->setContentsMargins(16, 12, 16, 12);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnMinimumWidth(0, labelWidth);
    m_grid->setColumnStretch(1, 1);
}

FormLines::Line FormLines::add(const QString &label, QWidget *field, const QString &name, widgets::ProblemWords words)
{
    const int row = m_grid->rowCount();
    auto *text = new widgets::Label(widgets::Label::Kind::Field, label);
    text->setBuddy(field);
    text->setFixedHeight(fieldHeight);
    field->setObjectName(m_prefix + u'.' + name);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    if (field->minimumHeight() == 0)
        field->setMinimumHeight(fieldHeight);
    field->setMinimumWidth(60);
    m_grid->addWidget(text, row, 0, Qt::AlignTop);
    if (words == widgets::ProblemWords::Below)
        m_grid->addLayout(widgets::withProblemNote(field), row, 1);
    else
        m_grid->addWidget(field, row, 1);
    return {text, field};
}

FormLines::Line FormLines::addBelow(QWidget *field)
{
    m_grid->addWidget(field, m_grid->rowCount(), 1);
    return {nullptr, field};
}

void FormLines::addAcross(QWidget *field) { m_grid->addWidget(field, m_grid->rowCount(), 0, 1, 2); }

QString markFields(const QHash<QString, QString> &problems, const QList<std::pair<QWidget *, QString>> &fields)
{
    QStringList lines(problems.cbegin(), problems.cend());
    for (const auto &[field, name] : fields) {
        const QString problem = problemOf(problems, name);
        markField(field, problem);
        if (!problem.isEmpty() && widgets::tellsProblem(field))
            lines.removeAll(problem);
    }
    lines.sort();
    lines.removeDuplicates();
    return lines.join(u'\n');
}

} // namespace ui::panes
