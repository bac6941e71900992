// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/failure_chips.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/problem_note.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

/// Laying out the inspector's forms: labels of one width at the left, fields at the right, sections with lines.
namespace ui::routes {

class FieldGrid
{
public:
    explicit FieldGrid(QVBoxLayout *column) : m_grid(new QGridLayout)
    {
        m_grid->setContentsMargins(16, 12, 16, 12);
        m_grid->setHorizontalSpacing(8);
        m_grid->setVerticalSpacing(8);
        m_grid->setColumnMinimumWidth(0, 76);
        m_grid->setColumnStretch(1, 1);
        column->addLayout(m_grid);
    }

    widgets::Label *add(const QString &label, QWidget *field)
    {
        const int row = m_grid->rowCount();
        auto *text = new widgets::Label(widgets::Label::Kind::Field, label);
        text->setBuddy(field);
        field->setAccessibleName(label);
        if (field->minimumHeight() == 0 && field->maximumHeight() > 1000)
            field->setMinimumHeight(28);
        field->setMinimumWidth(60);
        text->setFixedHeight(28);
        m_grid->addWidget(text, row, 0, Qt::AlignTop);
        m_grid->addLayout(widgets::withProblemNote(field), row, 1);
        return text;
    }

    void addWide(QWidget *field) { m_grid->addWidget(field, m_grid->rowCount(), 0, 1, 2); }

private:
    QGridLayout *m_grid;
};

inline void addLine(QVBoxLayout *column) { column->addWidget(new widgets::Divider(Qt::Horizontal)); }

/// The column of a form, without margins.
inline QVBoxLayout *columnOf(QWidget *form)
{
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    return column;
}

/// Words that say what a form is for.
inline widgets::Label *words(const QString &text)
{
    auto *label = new widgets::Label(widgets::Label::Kind::Secondary, text);
    label->setWordWrap(true);
    return label;
}

/// A muted heading over what follows, both indented as the fields are.
inline widgets::Label *addSection(QVBoxLayout *column, const QString &heading, QWidget *content)
{
    auto *box = new QVBoxLayout;
    box->setContentsMargins(16, 10, 16, 6);
    box->setSpacing(6);
    auto *label = new widgets::Label(widgets::Label::Kind::Field, heading);
    label->setWordWrap(true);
    box->addWidget(label);
    box->addWidget(content);
    column->addLayout(box);
    return label;
}

/// Fills a box with names behind one for none of them (its data is empty); what was chosen stays.
inline void offer(QComboBox *box, const QString &none, const QStringList &names)
{
    const QString chosen = box->currentData().toString();
    box->clear();
    box->addItem(none, QString());
    for (const QString &name : names)
        box->addItem(name, name);
    box->setCurrentIndex(qMax(0, box->findData(chosen)));
}

/// Fields that may be typed in or only read; what cannot be read-only is off.
inline void setEditable(const QList<QWidget *> &fields, bool editable)
{
    for (QWidget *field : fields) {
        if (auto *line = qobject_cast<QLineEdit *>(field))
            line->setReadOnly(!editable);
        else if (auto *chips = qobject_cast<FailureChips *>(field))
            chips->setEditable(editable);
        else
            field->setEnabled(editable);
    }
}

/// Sets text without moving the cursor of a field that is being typed in.
inline void setTextQuietly(QLineEdit *field, const QString &text)
{
    if (field->text() != text)
        field->setText(text);
}

} // namespace ui::routes
