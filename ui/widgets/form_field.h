// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QStringList>

#include <chrono>
#include <optional>

/// Lines of a form that read what is typed in them and say at once where it cannot be read. GUI thread.
namespace ui::widgets {

/// Marks a field as wrong, or as fine again, with the reason as tool tip and accessible description.
void setInvalid(QWidget *field, const QString &why);
[[nodiscard]] inline bool isInvalid(const QWidget *field) { return field->property("invalid").toBool(); }

/// A line that holds a duration ("20 s", "250 ms") or nothing; nothing stands for the placeholder's value. What cannot
/// be read is marked and not announced.
class DurationField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit DurationField(QWidget *parent = nullptr);
    void setValue(const std::optional<std::chrono::milliseconds> &value);
    [[nodiscard]] const std::optional<std::chrono::milliseconds> &value() const { return m_value; }

Q_SIGNALS:
    void valueChanged();

private:
    std::optional<std::chrono::milliseconds> m_value;
};

/// A line of names with commas between.
class NamesField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit NamesField(QWidget *parent = nullptr);
    /// Left alone while it is being typed in.
    void setNames(const QStringList &names);
    [[nodiscard]] QStringList names() const; ///< without white space around them, none empty

Q_SIGNALS:
    void namesEdited();
};

} // namespace ui::widgets
