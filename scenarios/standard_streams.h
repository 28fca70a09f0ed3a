// The three standard streams, as whoever starts the program leaves them: closed, full, or with
// nobody at the other end.
#pragma once

#include <string>

namespace mezz {

// First thing in main. Where a stream is closed (`2>&-`, some daemons) the next file to be opened
// would get its number: what is printed would go into a result. Such a stream stays unusable, but
// its number is taken.
void occupy_standard_streams();

// To standard error, as it is. That nobody listens any more ends nothing.
void say(const std::string& text);

}  // namespace mezz
