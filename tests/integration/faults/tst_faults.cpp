// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/faults/fault_cells.h"

#include <QCoreApplication>
#include <QtTest>

/// All rows F01 to F27, as every cell; then the table. With arguments (names of slots, as QTest takes them) only those, without it.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    int failures = 0;
    for (const auto make : {faults::makeBeforeContent, faults::makeAnswers, faults::makeRests}) {
        const std::unique_ptr<QObject> test = make();
        failures += QTest::qExec(test.get(), argc, argv);
    }
    if (argc > 1)
        return failures;
    return faults::printTable() && failures == 0 ? 0 : 1;
}
